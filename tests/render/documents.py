"""A case written by hand that has something in every part of the document, in both languages.

R1 (198.51.100.1) refuses ESP of R2 (192.0.2.1), whose SA outlived a reload of R1; a second peer shows an SPI that
starts with 0xFF, a third source belongs to no setup.
"""

from __future__ import annotations

from typing import Literal

from engine.diagnosis.document import (
    SCHEMA,
    Action,
    Answer,
    Citation,
    Counter,
    Device,
    Diagnosis,
    Evidence,
    Finding,
    Flow,
    FlowRecovery,
    KbRef,
    Lang,
    Missing,
    Problem,
    Question,
    Reason,
    SectionRef,
    Setup,
    SetupRecovery,
    SourceRef,
    SourceWarning,
    Subject,
    Target,
    Tool,
)  # fmt: skip
from engine.diagnosis.explain import Explanation, ProofNode

FLOW = "R1/flow/192.0.2.1/198.51.100.1/0x1DB73B01"
FLOW_FF = "R1/flow/192.0.2.77/198.51.100.1/0xFF00AB12"
FLOW_UNKNOWN = "R1/flow/203.0.113.9/198.51.100.1/0x0000ABCD"
SETUP = "R1/setup/Tunnel0/svti"


def say(lang: Lang, en: str, ko: str) -> str:
    return en if lang == "en" else ko


def message(line: int, clock: str, spi: str = "0x1DB73B01(498547457)", src: str = "192.0.2.1") -> Evidence:
    text = (
        f"*Sep  2 {clock} UTC: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
        f"destaddr=198.51.100.1, prot=50, spi={spi}, srcaddr={src}, input interface=GigabitEthernet0/0/0"
    )
    return Evidence(source="r1/show-tech.txt", line=line, last_line=line, kind="line", text=text)


def line(
    source: str, number: int, text: str, kind: Literal["line", "absence", "answer", "derived"] = "line"
) -> Evidence:
    count = text.count("\n")
    return Evidence(source=source, line=number, last_line=number + count, kind=kind, text=text)


MESSAGES = [message(140 + n, f"13:{36 + n}:4{n}.287") for n in range(7)]
NO_IKE = Evidence(
    source="r1/show-tech.txt",
    line=1204,
    last_line=1219,
    kind="absence",
    text="show crypto isakmp sa",
)
PEER_SA = line("r2.log", 58, "     inbound esp sas:\n      outbound esp sas:\n       spi: 0x1DB73B01(498547457)\n"
               "         transform: esp-256-aes esp-sha256-hmac ,\n         Status: ACTIVE(ACTIVE)")  # fmt: skip
RELOADED = line("r1/show-tech.txt", 12, "R1 uptime is 2 hours, 11 minutes")
SEED_MATRIX = Citation(source="seed", locator="matrix", statement="stated")


def recovery_missing(lang: Lang) -> Finding:
    return Finding(
        id=f"recovery-missing/{FLOW}",
        kind="condition",
        verdict="confirmed",
        rank=1,
        severity="error",
        subject=Subject(device="R1", flow=FLOW, setup=SETUP),
        title=say(
            lang,
            "Invalid SPI recovery would restore this flow, but it is not configured",
            "유효하지 않은 SPI 복구 기능이 이 플로우를 복구할 수 있으나 설정되어 있지 않습니다",
        ),
        because=[
            Reason(
                condition="flow-persistent",
                title=say(lang, "The message repeats for the same SPI", "같은 SPI로 메시지가 반복됨"),
                value="yes",
                evidence=MESSAGES,
            ),
            Reason(
                condition="ike-sa-present",
                title=say(lang, "R1 has an IKE SA to the sender", "R1에 송신 라우터와의 IKE SA가 있음"),
                value="no",
                evidence=[NO_IKE],
            ),
            Reason(
                condition="peer-holds-spi-outbound",
                title=say(
                    lang,
                    "The sender still holds the SPI in its outbound list",
                    "송신 라우터의 송신 SA 목록에 SPI가 남아 있음",
                ),
                value="yes",
                evidence=[PEER_SA],
            ),
        ],
        against=[],
        missing=[],
        citations=[SEED_MATRIX],
    )


def reload(lang: Lang) -> Finding:
    return Finding(
        id=f"device-reload/{FLOW}",
        kind="cause",
        verdict="likely",
        rank=2,
        severity="warning",
        subject=Subject(device="R1", flow=FLOW),
        title=say(
            lang, "The receiver was reloaded and lost its SAs", "수신 라우터가 재시작되어 SA가 사라졌습니다"
        ),
        because=[
            Reason(
                condition="receiver-up-shortly",
                title=say(
                    lang, "R1 has been up for less than an SA lifetime", "R1의 가동 시간이 SA 수명보다 짧음"
                ),
                value="yes",
                evidence=[RELOADED],
            ),
            Reason(
                condition="flow-persistent",
                title=say(lang, "The message repeats for the same SPI", "같은 SPI로 메시지가 반복됨"),
                value="yes",
                evidence=MESSAGES,
            ),
        ],
        against=[],
        missing=[
            Missing(
                condition="reload-before-first-message",
                title=say(lang, "The reload came before the first message", "첫 메시지 이전에 재시작됨"),
                collect=["show version", "show logging"],
            ),
            Missing(
                condition="other-peers-alike",
                title=say(lang, "Other peers are affected alike", "다른 피어에도 같은 증상이 있음"),
                collect=["show version", "show logging"],
            ),
        ],
        citations=[Citation(source="seed", locator="problem", statement="inferred")],
    )


def spi_ff(lang: Lang) -> Finding:
    return Finding(
        id=f"CSCvp16730/{FLOW_FF}",
        kind="bug",
        verdict="possible",
        rank=3,
        severity="warning",
        subject=Subject(device="R1", flow=FLOW_FF),
        title=say(
            lang,
            "CSCvp16730: incoming ESP whose SPI starts with 0xFF is dropped with an invalid SPI error",
            "CSCvp16730: SPI 값이 0xFF로 시작하는 수신 ESP 패킷이 유효하지 않은 SPI 오류로 드롭됨",
        ),
        because=[
            Reason(
                condition="spi-first-octet-ff",
                title=say(lang, "The SPI starts with 0xFF", "SPI가 0xFF로 시작함"),
                value="yes",
                evidence=[message(190, "14:02:11.001", "0xFF00AB12(4278233874)", "192.0.2.77")],
            ),
        ],
        against=[
            Reason(
                condition="decaps-rising-on-spi",
                title=say(lang, "The SA's decaps counter rises", "SA의 decaps 카운터가 증가함"),
                value="no",
                evidence=[
                    line("answers", 0, say(lang, "the counter stands still", "카운터가 멈춰 있음"), "answer")
                ],
            ),
        ],
        missing=[
            Missing(
                condition="spi-installed-inbound",
                title=say(
                    lang,
                    "The SPI is in the receiver's inbound list",
                    "수신 라우터의 수신 SA 목록에 SPI가 있음",
                ),
                collect=["show crypto ipsec sa peer 192.0.2.77 detail"],
            )
        ],
        citations=[Citation(source="seed", locator="known-bugs", statement="stated")],
        note=say(
            lang,
            "No affected or fixed release is public.",
            "영향을 받는 릴리스와 수정된 릴리스는 공개되어 있지 않습니다.",
        ),
    )


def notify(lang: Lang) -> Finding:
    return Finding(
        id="CSCvd40554",
        kind="bug",
        verdict="ruled_out",
        rank=9,
        severity="info",
        subject=Subject(peer="192.0.2.1"),
        title=say(
            lang,
            "CSCvd40554: an IKEv2 INV_SPI notify with SPI size 0 is answered with INVALID_SYNTAX",
            "CSCvd40554: SPI 크기가 0인 IKEv2 INV_SPI 통지에 INVALID_SYNTAX로 응답",
        ),
        because=[],
        against=[
            Reason(
                condition="sender-uses-ikev2",
                title=say(lang, "The sender uses IKEv2", "송신 라우터가 IKEv2를 사용함"),
                value="no",
                evidence=[line("r2.log", 9, "crypto isakmp policy 10")],
            ),
        ],
        missing=[],
        citations=[],
    )


def early_packet(lang: Lang) -> Finding:
    return Finding(
        id="CSCvn31824",
        kind="bug",
        verdict="undetermined",
        rank=8,
        severity="info",
        subject=Subject(device="R1"),
        title=say(
            lang,
            "CSCvn31824: the new SPI is deleted when a packet arrives before it is installed",
            "CSCvn31824: 설치가 끝나기 전에 패킷이 도착하면 새 SPI를 삭제함",
        ),
        because=[],
        against=[],
        missing=[
            Missing(
                condition="spi-deleted-before-install",
                title=say(lang, "The SPI was deleted before it was installed", "설치되기 전에 SPI가 삭제됨"),
                collect=["show monitor event-trace crypto ipsec event all"],
            ),
        ],
        citations=[],
    )


def actions(lang: Lang) -> list[Action]:
    enable = Action(
        id="R1/enable-invalid-spi-recovery",
        order=3,
        kind="fix",
        target=Target(device="R1", address=None),
        side="receiver",
        mode="config",
        title=say(lang, "Enable invalid SPI recovery", "유효하지 않은 SPI 복구 활성화"),
        commands=["crypto isakmp invalid-spi-recovery"],
        disrupts="nothing",
        risk="high",
        rollback=["no crypto isakmp invalid-spi-recovery"],
        verify=["show running-config | include invalid-spi-recovery"],
        because_of=[f"recovery-missing/{FLOW}"],
        citations=[SEED_MATRIX],
        note=say(
            lang,
            "The command acts box-wide and starts IKE toward whoever sends an unknown SPI; filter 203.0.113.9 first.",
            "이 명령은 장비 전체에 적용되며, 알 수 없는 SPI를 보낸 곳으로 IKE를 시작합니다. 203.0.113.9부터 차단하십시오.",
        ),
    )
    clear = Action(
        id="R2/clear-stale-sa",
        order=1,
        kind="workaround",
        target=Target(device="R2", address="192.0.2.1"),
        side="sender",
        mode="exec",
        title=say(lang, "Clear the stale SA on the sender", "송신 라우터의 오래된 SA 삭제"),
        commands=["clear crypto sa peer 198.51.100.1"],
        disrupts="this_peer",
        risk="low",
        rollback=[],
        verify=["show crypto ipsec sa peer 198.51.100.1 detail", "show logging | include RECVD_PKT_INV_SPI"],
        because_of=[f"recovery-missing/{FLOW}", f"device-reload/{FLOW}"],
        citations=[],
    )
    collect = Action(
        id="192.0.2.77/collect-sa",
        order=2,
        kind="collect",
        target=Target(device=None, address="192.0.2.77"),
        side="sender",
        mode="exec",
        title=say(lang, "Save the SA list of the second peer", "두 번째 피어의 SA 목록 저장"),
        commands=["terminal length 0", "show crypto ipsec sa peer 198.51.100.1 detail"],
        disrupts="nothing",
        risk="none",
        rollback=["terminal length 24"],
        verify=[],
        because_of=["CSCvn31824"],
        citations=[],
    )
    return [collect, enable, clear]


def questions(lang: Lang) -> list[Question]:
    return [
        Question(
            id="q/spi-installed-inbound",
            text=say(
                lang,
                "Is SPI 0xFF00AB12 in the inbound list of the router that logged?",
                "메시지를 기록한 라우터의 수신 SA 목록에 SPI 0xFF00AB12가 있습니까?",
            ),
            answers=[say(lang, "yes", "예"), say(lang, "no", "아니요"), say(lang, "don't know", "모름")],
            gain=2.5,
            settles=[f"CSCvp16730/{FLOW_FF}", "rekey-race"],
            collect=["show crypto ipsec sa peer 192.0.2.77 detail"],
        ),
        Question(
            id="q/repeats",
            text=say(lang, "Does the message repeat for the same SPI?", "같은 SPI로 메시지가 반복됩니까?"),
            answers=[],
            gain=1.0,
            settles=[],
            collect=[],
        ),
    ]


def flows() -> list[Flow]:
    return [
        Flow(
            id=FLOW, device="R1", src="192.0.2.1", dst="198.51.100.1", protocol=50, spi="0x1DB73B01",
            interface="GigabitEthernet0/0/0", count=7, first="--09-02T13:36:40.287", last="--09-02T13:42:46.287",
            span_seconds=366.0, pattern="persistent", state="ongoing", sender="R2", setup=SETUP,
            setup_basis="configured",
            recovery=FlowRecovery(support="yes", configured=False, ike_sa="absent", outcome="no_effect"),
            evidence=MESSAGES,
        ),
        Flow(
            id=FLOW_FF, device="R1", src="192.0.2.77", dst="198.51.100.1", protocol=50, spi="0xFF00AB12",
            interface=None, count=1, first="--09-02T14:02:11.001", last="--09-02T14:02:11.001", span_seconds=0.0,
            pattern="transient", state="unknown", sender=None, setup="R1/setup/Tunnel1/mgre-tp-dynamic-nhrp",
            setup_basis="observed",
            recovery=FlowRecovery(
                support="no", configured=None, ike_sa="present", outcome="delete_over_existing_ike_sa"
            ),
            evidence=[],
        ),
        Flow(
            id=FLOW_UNKNOWN, device=None, src=None, dst=None, protocol=51, spi=None, interface=None, count=2,
            first=None, last=None, span_seconds=None, pattern="persistent", state="ended", sender=None, setup=None,
            setup_basis=None,
            recovery=FlowRecovery(support=None, configured=None, ike_sa="unknown", outcome="unknown"), evidence=[],
        ),
    ]  # fmt: skip


def setups() -> list[Setup]:
    return [
        Setup(
            id=SETUP, device="R1", kind="svti", interface="Tunnel0", name="VTI_PROFILE", peers=["192.0.2.1"],
            vrf=None, ike=["ikev1"], dpd="off", applied=True,
            recovery=SetupRecovery(support="yes", row="svti", inferred=None, configured=False), evidence=[],
        ),
        Setup(
            id="R1/setup/Tunnel1/mgre-tp-dynamic-nhrp", device="R1", kind="mgre-tp-dynamic-nhrp", interface="Tunnel1",
            name=None, peers=["192.0.2.77", "192.0.2.78", "192.0.2.79", "192.0.2.80"], vrf="INET",
            ike=["ikev1", "ikev2"], dpd="on-demand", applied=True,
            recovery=SetupRecovery(support="no", row="mgre-tp-dynamic-nhrp", inferred=None, configured=False),
            evidence=[],
        ),
        Setup(
            id="R1/setup/Virtual-Template1/dvti", device="R1", kind="dvti", interface="Virtual-Template1", name=None,
            peers=[], vrf=None, ike=["ikev2"], dpd="unknown", applied=False,
            recovery=SetupRecovery(support="not_stated", row=None, inferred="no", configured=None), evidence=[],
        ),
    ]  # fmt: skip


def sources() -> list[SourceRef]:
    def section(
        command: str, first: int, last: int, status: Literal["parsed", "kept", "truncated", "failed"]
    ) -> SectionRef:
        return SectionRef(command=command, first_line=first, last_line=last, status=status)

    return [
        SourceRef(
            path="r1/show-tech.txt", kind="show-tech", device="R1", bytes=48213,
            sections=[
                section("show version", 3, 60, "parsed"), section("show logging", 130, 210, "parsed"),
                section("show buffers", 300, 1100, "kept"), section("show crypto ipsec sa", 1300, 1377, "truncated"),
            ],
            warnings=[SourceWarning(code="spi-decimal", line=190, message="The decimal SPI differs from 0xFF00AB12.")],
        ),
        SourceRef(
            path="r2.log", kind="show-output", device=None, bytes=5120,
            sections=[section("show crypto ipsec sa", 40, 70, "parsed"), section("", 71, 75, "failed")], warnings=[],
        ),
    ]  # fmt: skip


def devices() -> list[Device]:
    return [
        Device(
            name="R1", os="ios-xe", version="17.3.4a", train="17.3", platform="ISR4331/K9", uptime_seconds=7860,
            captured="2024-09-02T14:10:00Z", clock_offset_seconds=None, complete_config=True, evidence=[RELOADED],
        ),
        Device(
            name="R2", os=None, version=None, train=None, platform=None, uptime_seconds=None, captured=None,
            clock_offset_seconds=-3.5, complete_config=False, evidence=[],
        ),
    ]  # fmt: skip


def full_case(lang: Lang) -> Diagnosis:
    """A document with something in every part."""
    return Diagnosis(
        schema=SCHEMA,
        tool=Tool(name="ipsecdx", version="0.0.0", engine="durable_rules 0.0.0"),
        kb=KbRef(version="2024.1", digest="0123456789abcdef" * 4),
        case="branch-42",
        lang=lang,
        status="partial",
        problems=[
            Problem(
                code="archive-member-refused",
                source="case.zip",
                line=None,
                message="../etc/x leads out of the archive.",
            ),
            Problem(
                code="config-torn", source="r2.log", line=71, message="The configuration stops in the middle."
            ),
        ],
        summary=say(
            lang,
            "R1 drops everything that R2 (192.0.2.1) sends under SPI 0x1DB73B01, and will until R2's SA expires.",
            "R1은 R2(192.0.2.1)가 SPI 0x1DB73B01로 보내는 트래픽을 모두 드롭하며, R2의 SA가 만료될 때까지 계속됩니다.",
        ),
        sources=sources(),
        devices=devices(),
        setups=setups(),
        flows=flows(),
        counters=[
            Counter(
                device="R1",
                name="IN_US_V4_PKT_SA_NOT_FOUND_SPI",
                value=64574,
                delta=312,
                at=None,
                evidence=[],
            ),
            Counter(device=None, name="IpsecInput", value=0, delta=None, at="--09-02T14:10:00", evidence=[]),
        ],
        findings=[notify(lang), early_packet(lang), spi_ff(lang), reload(lang), recovery_missing(lang)],
        actions=actions(lang),
        questions=questions(lang),
        answers=[
            Answer(
                question=say(lang, "Does the counter move?", "카운터가 변합니까?"),
                answer="no",
                source="operator",
            )
        ],
    )


def empty_case(lang: Lang) -> Diagnosis:
    """A document in which nothing was found."""
    return Diagnosis(
        schema=SCHEMA,
        tool=Tool(name="ipsecdx", version="0.0.0", engine="durable_rules 0.0.0"),
        kb=KbRef(version="2024.1", digest="0123456789abcdef" * 4),
        case="quiet",
        lang=lang,
        status="ok",
        problems=[],
        summary=say(lang, "No sign of an invalid SPI.", "유효하지 않은 SPI의 흔적이 없습니다."),
        sources=[],
        devices=[],
        setups=[],
        flows=[],
        counters=[],
        findings=[],
        actions=[],
        questions=[],
        answers=[],
    )


def proof(lang: Lang) -> Explanation:
    """Why CSCvp16730 is no more than possible."""
    source = Citation(source="seed", locator="known-bugs", statement="stated")
    octet = ProofNode(
        text=say(lang, "The SPI starts with 0xFF", "SPI가 0xFF로 시작합니다"),
        name="spi-first-octet-ff",
        connective="leaf",
        truth="yes",
        statement="stated",
        citation=source,
        evidence=[message(190, "14:02:11.001", "0xFF00AB12(4278233874)", "192.0.2.77")],
    )
    installed = ProofNode(
        text=say(
            lang, "The SPI is in the receiver's inbound list", "수신 라우터의 수신 SA 목록에 SPI가 있습니다"
        ),
        name="spi-installed-inbound",
        connective="leaf",
        truth="unknown",
        statement="inferred",
        collect=["show crypto ipsec sa peer 192.0.2.77 detail"],
    )
    rising = ProofNode(
        text=say(lang, "The SA's decaps counter rises", "SA의 decaps 카운터가 증가합니다"),
        name="decaps-rising-on-spi",
        connective="leaf",
        truth="no",
        statement="inferred",
        evidence=[line("answers", 0, say(lang, "the counter stands still", "카운터가 멈춰 있음"), "answer")],
    )
    negated = ProofNode(
        text=say(lang, "not", "부정"), name="", connective="not", truth="yes", children=[rising]
    )
    body = ProofNode(
        text=say(lang, "all of", "모두 만족"),
        name="",
        connective="all",
        truth="unknown",
        children=[octet, negated, installed],
    )
    rule = ProofNode(
        text="", name="spi-ff-signature", connective="rule", truth="unknown", citation=source, children=[body]
    )
    return Explanation(
        finding=spi_ff(lang),
        decision=say(
            lang,
            "Something speaks for it and nothing against it, but the signature is not known.",
            "지지하는 근거가 있고 반대하는 근거는 없으나 시그니처를 확정할 수 없습니다.",
        ),
        parts=[("necessary", octet), ("signature", rule)],
    )
