"""A telephone made with pjsua2, for the tests. It either waits to be called:

    telephone.py PORT person

or calls and does one thing after the other, each `say` once the other side has been silent for a while:

    telephone.py PORT sip:line@127.0.0.1:5060 [transport=tcp|tls] [user=NAME password=WORD] [codec=PCMU] [srtp=yes] ACTION…
    ACTION: say=FILE.wav | key=DIGITS | hold=SECONDS | hear (the other side speaks, and falls silent) | stay (until it ends)

Out: a line for each thing that happens. Sends what REFER asks for, and takes the place of a call as Replaces asks.
"""
import os
import sys
import time

import pjsua2 as pj

QUIET_S = 1.2  # so long a silence ends what the other side says: longer than the pauses between its sentences
PATIENCE_S = 60


def say(*words):
    print(*words, flush=True)


class Telephone(pj.Call):
    def __init__(self, account, number=pj.PJSUA_INVALID_ID):
        super().__init__(account, number)
        self.account, self.sound, self.ended, self.next = account, None, False, None

    def onCallState(self, _):
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.ended, self.sound = True, None
            say("ended", info.lastStatusCode)

    def onCallMediaState(self, _):
        # Held by a name: its parts go away with it.
        info = self.getInfo()
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                self.sound = self.getAudioMedia(index)
                # What nobody listens to is not measured.
                self.sound.startTransmit(pj.Endpoint.instance().audDevManager().getPlaybackDevMedia())
                stream = self.getStreamInfo(index)
                say("sound", stream.codecName, stream.codecClockRate)
                if stream.proto == pj.PJMEDIA_TP_PROTO_RTP_SAVP:
                    say("encrypted")

    def onCallTransferRequest(self, request):
        say("transfer", "attended" if "Replaces" in request.dstUri else "blind")
        self.next = request.newCall = Telephone(self.account)
        calls.append(self.next)

    def onCallTransferStatus(self, status):
        say("transferred", status.statusCode)

    def onCallReplaceRequest(self, request):
        say("replaced")
        self.next = request.newCall = Telephone(self.account)
        calls.append(self.next)


class Account(pj.Account):
    def onIncomingCall(self, incoming):
        call = Telephone(self, incoming.callId)
        calls.append(call)
        answer = pj.CallOpParam()
        answer.statusCode = 200
        call.answer(answer)
        say("answered")


def open_account(port, options):
    kind = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}[options["transport"]]
    end = pj.Endpoint()
    end.libCreate()
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = int(options.get("log", 0))
    config.medConfig.clockRate = 8000
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    config.medConfig.sndAutoCloseTime = -1
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    end.libInit(config)
    end.audDevManager().setNullDev()
    transport = pj.TransportConfig()
    transport.boundAddress = "127.0.0.1"
    transport.port = port
    end.transportCreate(kind, transport)
    end.libStart()
    for codec in end.codecEnum2():
        if not codec.codecId.startswith(options["codec"]):
            end.codecSetPriority(codec.codecId, 0)
    settings = pj.AccountConfig()
    settings.idUri = f"sip:caller@127.0.0.1:{port}"
    settings.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
    if "srtp" in options:
        # Also where the way of the keys is not safe: the line has to refuse that.
        settings.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY
        settings.mediaConfig.srtpSecureSignaling = 0
    settings.callConfig.timerUse = pj.PJSUA_SIP_TIMER_INACTIVE
    if "user" in options:
        settings.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", options["user"], 0, options["password"]))
    account = Account()
    account.create(settings)
    return end, account


def until(end, condition, seconds=PATIENCE_S):
    limit = time.monotonic() + seconds
    while not condition() and time.monotonic() < limit:
        end.libHandleEvents(10)
    return condition()


class Ear:
    """Whether the other side has spoken and been silent since."""

    def __init__(self, call):
        self.call, self.spoke, self.last = call, False, time.monotonic()

    def is_over(self):
        if self.call.sound and self.call.sound.getTxLevel() > 2:
            self.spoke, self.last = True, time.monotonic()
        return self.call.ended or (self.spoke and time.monotonic() - self.last > QUIET_S)


def act(end, call, name, value, kept):
    if name == "hear":
        say("heard" if until(end, Ear(call).is_over) and not call.ended else "heard nothing")
    elif name == "say":
        until(end, Ear(call).is_over)
        if call.ended:
            return
        player = pj.AudioMediaPlayer()
        player.createPlayer(value, pj.PJMEDIA_FILE_NO_LOOP)
        player.startTransmit(call.sound)
        kept.append(player)
        until(end, lambda: False, os.path.getsize(value) / 16000)
        say("said", os.path.basename(value))
    elif name == "key":
        call.dialDtmf(value)
        say("pressed", value)
    elif name == "hold":
        call.setHold(pj.CallOpParam(True))
        until(end, lambda: False, float(value))
        back = pj.CallOpParam(True)
        back.opt.flag = pj.PJSUA_CALL_UNHOLD
        back.opt.videoCount = 0
        call.sound = None
        call.reinvite(back)
        say("back" if until(end, lambda: call.sound is not None) else "not taken back")
    elif name == "stay":
        until(end, lambda: all(other.ended for other in calls))


calls = []
words = sys.argv[3:]
options = {"transport": "udp", "codec": ""} | dict(word.split("=", 1) for word in words if word.split("=")[0] in ("transport", "user", "password", "codec", "srtp", "log"))
end, account = open_account(int(sys.argv[1]), options)
kept = []
if sys.argv[2] == "person":
    say("ready")
    until(end, lambda: False, 240)
else:
    call = Telephone(account)
    calls.append(call)
    parameters = pj.CallOpParam(True)
    parameters.opt.videoCount = 0
    call.makeCall(sys.argv[2], parameters)
    until(end, lambda: call.sound is not None or call.ended)
    for word in words:
        name, _, value = word.partition("=")
        if name not in options and not call.ended:
            act(end, call, name, value, kept)
    for open_call in calls:
        if not open_call.ended:
            open_call.hangup(pj.CallOpParam())
    until(end, lambda: all(other.ended for other in calls), 3)
# pjsua2's objects may not be taken apart in any order: the process ends with them.
sys.stdout.flush()
os._exit(0)
