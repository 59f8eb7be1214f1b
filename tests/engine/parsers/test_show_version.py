"""`show version`: every form of the version, the decoys around it, and what else the output tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import Hostname, Version
from engine.parsers.show_version import parse

XE17 = """\
Cisco IOS XE Software, Version 17.03.04a
Cisco IOS Software [Amsterdam], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.3.4a, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2021 by Cisco Systems, Inc.
Compiled Mon 05-Jul-21 01:02 by mcpre

Cisco IOS-XE software, Copyright (c) 2005-2021 by cisco Systems, Inc.
GPL code under the terms of GPL Version 2.0.  For more details, see the

ROM: 16.12(2r)

branch-7 uptime is 1 year, 2 weeks, 3 days, 4 hours, 5 minutes
Uptime for this control processor is 1 year, 2 weeks, 3 days, 4 hours, 7 minutes
System returned to ROM by Reload Command at 08:00:41 UTC Mon Jan 6 2020
System image file is "bootflash:isr4300-universalk9.17.03.04a.SPA.bin"
Last reload reason: Reload Command

cisco ISR4331/K9 (1RU) processor with 1600000K/3000K bytes of memory.
Processor board ID FDO00000000
Configuration register is 0x2102
"""
CLASSIC = """\
Cisco IOS Software, C1900 Software (C1900-UNIVERSALK9-M), Version 15.6(3)M2, RELEASE SOFTWARE (fc2)
Technical Support: http://www.cisco.com/techsupport

ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)

kiosk uptime is 6 weeks, 1 minute
System returned to ROM by power-on
System image file is "flash0:c1900-universalk9-mz.SPA.156-3.M2.bin"
Last reload type: Normal Reload

Cisco CISCO1941/K9 (revision 1.0) with 491520K/32768K bytes of memory.
"""
YEAR, WEEK, DAY, HOUR, MINUTE = 365 * 86400, 7 * 86400, 86400, 3600, 60


def section(text: str) -> Section:
    source = Source("r1.txt", text.encode())
    return Section(source, "show version", 1, source.line_count, closed=True)


def version(text: str) -> Version:
    found = [fact for fact in parse(section(text)) if isinstance(fact, Version)]
    assert len(found) == 1
    return found[0]


def test_ios_xe_17_prints_its_release_padded_and_again_without_padding() -> None:
    fact = version(XE17)
    assert (fact.os, fact.release, fact.ios_release, fact.printed) == (
        "ios-xe",
        "17.3.4a",
        "17.3.4a",
        "17.03.04a",
    )
    assert (fact.at.source, fact.at.line, fact.at.last_line) == ("r1.txt", 1, 2)


def test_the_rest_of_the_output_tells_hardware_uptime_and_last_start() -> None:
    fact = version(XE17)
    assert fact.platform == "ISR4331/K9"
    assert fact.uptime_seconds == YEAR + 2 * WEEK + 3 * DAY + 4 * HOUR + 5 * MINUTE
    assert fact.reload_reason == "Reload Command"
    assert fact.hostname == "branch-7"


def test_the_device_names_itself_in_the_uptime_line() -> None:
    names = [fact for fact in parse(section(XE17)) if isinstance(fact, Hostname)]
    assert [(fact.name, fact.basis, fact.at.line) for fact in names] == [("branch-7", "version", 12)]


def test_classic_ios_has_one_line_and_its_boot_loader_does_not_count() -> None:
    fact = version(CLASSIC)
    assert (fact.os, fact.release, fact.ios_release, fact.printed) == ("ios", "15.6(3)M2", None, "15.6(3)M2")
    assert (fact.platform, fact.uptime_seconds, fact.reload_reason) == (
        "CISCO1941/K9",
        6 * WEEK + MINUTE,
        "power-on",
    )


def test_the_boot_loader_alone_is_nothing() -> None:
    assert parse(section("ROM: System Bootstrap, Version 15.6(1r)T, RELEASE SOFTWARE (fc1)\n")) == []


@pytest.mark.parametrize(
    "text", ["", "\n\n", "% Invalid input detected at '^' marker.", "Router# conf t", "Switch 01"]
)
def test_nothing_recognised_gives_no_fact(text: str) -> None:
    assert parse(section(text)) == []


# (text, os, release, IOS release, printed, lines of the version)
FORMS = {
    "IOS 12.2 and older": (
        (
            "Cisco Internetwork Operating System Software \n"
            "IOS (tm) C2600 Software (C2600-IPBASE-M), Version 12.3(6f), RELEASE SOFTWARE (fc1)\n"
        ),
        ("ios", "12.3(6f)", None, "12.3(6f)", (2, 2)),
    ),
    "IOS interim build": (
        "Cisco IOS Software, s72033_rp Software (s72033_rp-K9-M), Version 15.4(0.10)S, ENGINEERING WEEKLY BUILD\n",
        ("ios", "15.4(0.10)S", None, "15.4(0.10)S", (1, 1)),
    ),
    "IOS XE 3.7 with its number in the image name": (
        (
            "Cisco IOS Software, IOS-XE Software (PPC_LINUX_IOSD-ADVIPSERVICESK9-M), Version 15.2(4)S3, RELEASE SOFTWARE\n"
            "ROM: IOS-XE ROMMON\n"
            'System image file is "bootflash:asr1000rp1-advipservicesk9.03.07.03.S.152-4.S3.bin"\n'
        ),
        ("ios-xe", "3.7.3S", "15.2(4)S3", "15.2(4)S3", (3, 3)),
    ),
    "IOS XE 3.2 without a rebuild on the IOS side": (
        (
            "Cisco IOS Software, IOS-XE Software (PPC_LINUX_IOSD-ADVIPSERVICES-M), Version 15.1(1)S, RELEASE SOFTWARE\n"
            'System image file is "bootflash:asr1000rp1-advipservices.03.02.00.S.151-1.S.bin"\n'
        ),
        ("ios-xe", "3.2.0S", "15.1(1)S", "15.1(1)S", (2, 2)),
    ),
    "IOS XE 2.4": (
        (
            "Cisco IOS Software, IOS-XE Software (PPC_LINUX_IOSD-ADVIPSERVICESK9-M), Version 12.2(33)XND2, RELEASE\n"
            'System image file is "bootflash:asr1000rp1-advipservicesk9.02.04.02.122-33.XND2.bin"\n'
        ),
        ("ios-xe", "2.4.2", "12.2(33)XND2", "12.2(33)XND2", (2, 2)),
    ),
    "IOS XE 3.7 from an image without a number": (
        (
            "Cisco IOS Software, IOS-XE Software (PPC_LINUX_IOSD-ADVIPSERVICESK9-M), Version 15.2(4)S3, RELEASE SOFTWARE\n"
            'System image file is "bootflash:image.bin"\n'
        ),
        ("ios-xe", None, "15.2(4)S3", "15.2(4)S3", (1, 1)),
    ),
    "IOS XE 3.7 from an image that was renamed": (
        (
            "Cisco IOS Software, IOS-XE Software (PPC_LINUX_IOSD-ADVIPSERVICESK9-M), Version 15.2(4)S3, RELEASE SOFTWARE\n"
            'System image file is "bootflash:asr1000rp1-advipservicesk9.03.16.05.S.155-3.S5-ext.SPA.bin"\n'
        ),
        ("ios-xe", None, "15.2(4)S3", "15.2(4)S3", (1, 1)),
    ),
    "IOS XE 3.9": (
        (
            "Cisco IOS Software, IOS-XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 15.3(2)S1, RELEASE SOFTWARE\n"
            "\n"
            "IOS XE Version: 03.09.01.S\n"
        ),
        ("ios-xe", "3.9.1S", "15.3(2)S1", "03.09.01.S", (1, 3)),
    ),
    "IOS XE 3.16": (
        (
            "Cisco IOS XE Software, Version 03.16.05.S - Extended Support Release\n"
            "Cisco IOS Software, CSR1000V Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 15.5(3)S5, RELEASE SOFTWARE\n"
        ),
        ("ios-xe", "3.16.5S", "15.5(3)S5", "03.16.05.S", (1, 2)),
    ),
    "IOS XE 3 switch": (
        (
            "Cisco IOS Software, IOS-XE Software, Catalyst L3 Switch Software (CAT3K_CAA-UNIVERSALK9-M), "
            "Version 03.06.07E RELEASE SOFTWARE (fc3)\n"
        ),
        ("ios-xe", "3.6.7E", None, "03.06.07E", (1, 1)),
    ),
    "IOS XE 3 switch with the IOS number in the image name": (
        (
            "Cisco IOS Software, IOS-XE Software, Catalyst 4500 L3 Switch Software (cat4500e-UNIVERSALK9-M), "
            "Version 03.04.06.SG RELEASE SOFTWARE (fc1)\n"
            'System image file is "bootflash:cat4500e-universalk9.SPA.03.04.06.SG.151-2.SG6.bin"\n'
        ),
        ("ios-xe", "3.4.6SG", "15.1(2)SG6", "03.04.06.SG", (1, 1)),
    ),
    "IOS XE 16.2 with its name before its number": (
        "Cisco IOS Software, Catalyst L3 Switch Software (CAT3K_CAA-UNIVERSALK9-M), Version Denali 16.2.1, RELEASE\n",
        ("ios-xe", "16.2.1", "16.2.1", "16.2.1", (1, 1)),
    ),
    "IOS XE 17 on a Linux host": (
        "Cisco IOS Software [Dublin], Linux Software (X86_64BI_LINUX-ADVENTERPRISEK9-M), Version 17.12.1, RELEASE\n",
        ("ios-xe", "17.12.1", "17.12.1", "17.12.1", (1, 1)),
    ),
    "IOS XE special build": (
        (
            "Cisco IOS XE Software, Version V169_5_SR600000001_2\n"
            "Cisco IOS Software [Fuji], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.5, CUST-SPECIAL:V169\n"
        ),
        ("ios-xe", "16.9.5", "16.9.5", "V169_5_SR600000001_2", (1, 2)),
    ),
    "developer build": (
        (
            "Cisco IOS XE Software, Version BLD_POLARIS_DEV_LATEST_20240101_001122\n"
            "Cisco IOS Software [IOSXE], ASR1000 Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), "
            "Experimental Version 17.14.20240101:001500 [BLD_POLARIS_DEV_LATEST_20240101_001122:/nobackup 100]\n"
        ),
        ("ios-xe", None, None, "BLD_POLARIS_DEV_LATEST_20240101_001122", (1, 2)),
    ),
    "developer build with one line and no name of a release": (
        "Cisco IOS Software [], Switch Software (IE3x00-UNIVERSALK9-M), Experimental Version 17.9.20220102:030405 [x]\n",
        ("ios-xe", None, None, "17.9.20220102:030405", (1, 1)),
    ),
    "experimental IOS": (
        "Cisco IOS Software, 7200 Software (C7200P-ADVENTERPRISEK9-M), Experimental Version 15.0(20100102:030405) [x]\n",
        ("ios", None, None, "15.0(20100102:030405)", (1, 1)),
    ),
    "a line broken by a mail program": (
        (
            "Cisco IOS Software [Bengaluru], ASR1000 Software\n"
            "(X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.5.1a, RELEASE SOFTWARE (fc3)\n"
        ),
        ("ios-xe", "17.5.1a", "17.5.1a", "17.5.1a", (1, 2)),
    ),
    "indented, as in a ticket": (
        (
            "    Cisco IOS XE Software, Version 16.09.02\n"
            "    Cisco IOS Software [Fuji], Catalyst L3 Switch Software (c9k_IOSXE), Version 16.9.2, RELEASE SOFTWARE\n"
        ),
        ("ios-xe", "16.9.2", "16.9.2", "16.09.02", (1, 2)),
    ),
    "ASA": (
        "Cisco Adaptive Security Appliance Software Version 9.16(3)19 <system>\nDevice Manager Version 7.18(1)152\n",
        ("asa", None, None, "9.16(3)19", (1, 1)),
    ),
    "NX-OS": (
        (
            "Cisco Nexus Operating System (NX-OS) Software\n"
            "Software\n  BIOS: version 07.64\n  kickstart: version 7.3(5)N1(1)\n  system:    version 7.3(5)N1(1)\n"
        ),
        ("nx-os", None, None, "7.3(5)N1(1)", (5, 5)),
    ),
    "NX-OS with a number that reads like IOS": (
        "Software\n  BIOS: version 05.47\n  NXOS: version 10.3(5) [Maintenance Release]\n",
        ("nx-os", None, None, "10.3(5)", (3, 3)),
    ),
    "IOS XR": (
        "Mon Jan  6 08:00:41.500 UTC\nCisco IOS XR Software, Version 6.4.2[Default]\nROM: System Bootstrap, Version 2.1\n",
        ("ios-xr", None, None, "6.4.2", (2, 2)),
    ),
    "access point": (
        (
            "Cisco AP Software, (ap3g3), [build:/x]\nBOOTLDR: U-Boot boot loader Version 2013.01-g000\n"
            "AP Running Image     : 17.15.0.10\n"
        ),
        ("other", None, None, "17.15.0.10", (3, 3)),
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_the_version_is_read(name: str) -> None:
    text, expected = FORMS[name]
    fact = version(text)
    place = (fact.at.line, fact.at.last_line)
    assert (fact.os, fact.release, fact.ios_release, fact.printed, place) == expected


@pytest.mark.parametrize(
    ("line", "platform"),
    [
        ("cisco CSR1000V (VXE) processor (revision VXE) with 800000K/3000K bytes of memory.", "CSR1000V"),
        ("Cisco 7206VXR (NPE-G2) processor (revision A) with 900000K/65000K bytes of memory.", "7206VXR"),
        ("Cisco IOSv (revision 1.0) with  with 460000K/62000K bytes of memory.", "IOSv"),
        ("Allen-Bradley 1783-CMS20DN (ARM) processor (revision V00) with 630000K bytes", "1783-CMS20DN"),
        ("Model Number                       : C9300-24T", "C9300-24T"),
        ("Hardware:   ASA5516, 8192 MB RAM, CPU Atom C2000 series 2416 MHz, 1 CPU (8 cores)", "ASA5516"),
        ("  cisco Nexus7000 C7009 (9 Slot) Chassis", "Nexus7000 C7009"),
        ("Linux Unix (Intel-x86) processor with 100000K bytes of memory.", None),
    ],
)
def test_the_platform_is_the_hardware_model(line: str, platform: str | None) -> None:
    assert version(f"Cisco IOS XE Software, Version 17.03.04a\n{line}\n").platform == platform


def test_the_processor_line_goes_before_the_model_number() -> None:
    text = (
        "Cisco IOS XE Software, Version 17.03.04a\nModel number : WS-C3750X-24S-E\n"
        "cisco WS-C3750X-24S (PowerPC405) processor (revision A0) with 500000K bytes of memory.\n"
    )
    assert version(text).platform == "WS-C3750X-24S"


@pytest.mark.parametrize(
    ("line", "seconds", "name"),
    [
        ("edge uptime is 0 minutes", 0, "edge"),
        ("edge uptime is 2 years, 41 minutes", 2 * YEAR + 41 * MINUTE, "edge"),
        ("edge uptime is 4 weeks, 2 days, 7 hours, 12 ", 4 * WEEK + 2 * DAY + 7 * HOUR, "edge"),
        (
            "Kernel uptime is 11 day(s), 01 hour(s), 57 minute(s), 03 second(s)",
            11 * DAY + HOUR + 57 * MINUTE + 3,
            None,
        ),
        ("%N uptime is 9 minutes", 9 * MINUTE, None),
        ("edge uptime is unknown", None, None),
        ("Uptime for this control processor is 9 minutes", None, None),
        ("Switch uptime                      : 1 day, 12 hours", None, None),
        ("Tunnel0 up 3 days", None, None),
        (f"edge uptime is {'9' * 5000} years", None, None),
    ],
)
def test_uptime_is_in_seconds(line: str, seconds: int | None, name: str | None) -> None:
    fact = version(f"Cisco IOS XE Software, Version 17.03.04a\n{line}\n")
    assert (fact.uptime_seconds, fact.hostname) == (seconds, name)


def test_the_asa_says_up_instead_of_uptime() -> None:
    text = "Cisco Adaptive Security Appliance Software Version 9.9(2)32\nfw-1 up 1 year 97 days\nfailover cluster up 9 days\n"
    assert (version(text).uptime_seconds, version(text).hostname) == (YEAR + 97 * DAY, "fw-1")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("System returned to ROM by power-on\nLast reload reason: Admin reload CLI", "Admin reload CLI"),
        (
            "System returned to ROM by reload at 08:00:41 UTC Mon Jan 6 2020",
            "reload at 08:00:41 UTC Mon Jan 6 2020",
        ),
        (
            "System returned to ROM by  power cycle at 01:02:09 UTC (SP by power on)",
            "power cycle at 01:02:09 UTC (SP by power on)",
        ),
        ("System returned to ROM by reload\nLast reload reason: <NULL>", "reload"),
        ("System restarted by power-on", "power-on"),
        ("System restarted at 08:04:10 UTC Mon Jan 6 2020\nLast reload reason:", None),
        ("Switch 02\n---------\nLast reload reason                 : Power Failure", None),
    ],
)
def test_the_last_start_has_its_printed_reason(lines: str, reason: str | None) -> None:
    assert version(f"Cisco IOS XE Software, Version 17.03.04a\n{lines}\n").reload_reason == reason


def test_a_filtered_output_tells_what_it_shows() -> None:
    fact = version("hub-1 uptime is 3 days\n")
    assert (fact.os, fact.release, fact.printed, fact.uptime_seconds) == (None, None, None, 3 * DAY)


def test_the_first_version_counts_where_a_boot_log_repeats_it() -> None:
    assert version(XE17 + CLASSIC).release == "17.3.4a"


def test_lines_are_numbered_as_in_the_source_and_read_with_its_line_endings() -> None:
    source = Source("r1.txt", ("hub-1#show version\r\n" + XE17.replace("\n", "\r\n")).encode())
    facts = parse(Section(source, "show version", 2, source.line_count))
    assert [(fact.at.line, fact.at.last_line) for fact in facts] == [(2, 3), (13, 13)]
    assert source.text(facts[0].at).startswith("Cisco IOS XE Software, Version 17.03.04a\nCisco IOS Software")


def test_an_empty_section_gives_no_fact() -> None:
    assert parse(Section(Source("r1.txt", b""), "show version", 1, 0)) == []


_parts = st.sampled_from([*XE17.splitlines(), *CLASSIC.splitlines(), *(text for text, _ in FORMS.values())])


@given(st.lists(_parts | st.text(max_size=30), max_size=12).map("\n".join))
def test_no_text_breaks_the_parser_and_a_release_is_always_normal(text: str) -> None:
    for fact in parse(section(text)):
        if isinstance(fact, Version) and fact.release is not None:
            assert fact.os in {"ios", "ios-xe"}


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(data: bytes) -> None:
    source = Source("r1.txt", data)
    parse(Section(source, "show version", 1, source.line_count))


@pytest.mark.parametrize(
    "piece", ["9", " ", "A", "cisco A (", "Version A", "(Version ", ".03.16.05.S", "Model number :"]
)
def test_long_lines_take_no_more_than_linear_time(piece: str) -> None:
    for start in (
        "Cisco IOS Software",
        "hub uptime is ",
        "cisco ",
        'System image file is "',
        "Last reload reason ",
    ):
        parse(section(start + piece * 30_000))
