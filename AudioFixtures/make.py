#!/usr/bin/env python3
"""Makes every recording of this folder from utterances.json5: phone/ (8 kHz, mu-law, 300-3400 Hz) and kiosk/ (16 kHz, 16 bit).

    make.py             make all of them (two minutes), remove what the table no longer names
    make.py NAME...     only recordings whose name begins with NAME
    make.py --tuning DIR  make in DIR what the confidence is fitted to (rozmova bench calibration --recordings DIR):
                        all of them, and every request in every voice that is for tuning
    make.py --check     make nothing; say what is missing, left over or named by a call but not in the table, and how big it all is

Comes in: utterances.json5, and calls/*.call.json5 for the check. Goes out: WAVs named by what is said and who says it.
Needs only Python's standard library and the Debian packages flite, espeak-ng and sox. The same versions of these make the
same bytes: whatever is left to chance (loudness, pace, noise) is seeded with the recording's name.
"""

import array
import json
import math
import random
import re
import shutil
import subprocess
import sys
import tempfile
import wave
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = ("flite", "espeak-ng", "sox")  # each is in the Debian package of its own name
RATE = 16_000
LEAD, TRAIL = 0.3, 0.5  # seconds of room before and after
SPEECH_DBFS = -26.0  # RMS of an ordinary caller; each recording strays from it by a few dB
ROOM_DBFS = -55.0
TELEVISION_DB = -20.0  # beside a caller
PEAK = 0.7  # no sample beyond this, so that the telephone's filter cannot clip either


def fail(message):
    sys.exit(f"make.py: {message}")


def read_json5(path):
    """As much of JSON5 as these files use: comments, bare keys, commas before a closing bracket."""
    text = path.read_text(encoding="utf-8")
    string = r'"(?:\\.|[^"\\])*"'
    keep = lambda pattern, new, text: re.sub(
        f"({string})|{pattern}", lambda m: m[1] or m.expand(new), text)
    text = keep(r"//[^\n]*", "", text)
    text = keep(r",(?=\s*[\]}])", "", text)
    text = keep(r"([A-Za-z_]\w*)(?=\s*:)", r'"\2"', text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        fail(f"{path}: {error}")


# Signals are arrays of floats, full scale 1, at RATE.

def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"{command[0]} failed: {' '.join(command)}\n{done.stderr.strip()}")


def read(path):
    with wave.open(str(path)) as file:
        samples = array.array("h", file.readframes(file.getnframes()))
    return array.array("d", (s / 32768 for s in samples))


def write(path, signal):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array.array("h", (int(max(-1, min(1, s)) * 32767) for s in signal)).tobytes())


def sox(signal, folder, *effects):
    source, target = folder / "sox-in.wav", folder / "sox-out.wav"
    write(source, signal)
    run("sox", "-D", "-R", str(source), str(target), *effects)
    return read(target)


def rms(signal):
    return math.sqrt(sum(s * s for s in signal) / max(1, len(signal)))


def at_level(signal, dbfs):
    """The signal at this RMS, or lower where its peaks would go beyond PEAK."""
    level, peak = rms(signal), max(map(abs, signal), default=0)
    if peak == 0:
        return signal
    gain = min(10 ** (dbfs / 20) / level, PEAK / peak)
    return array.array("d", (s * gain for s in signal))


def mixed(*signals):
    length = max(map(len, signals))
    total = array.array("d", bytes(8 * length))
    for signal in signals:
        for i, s in enumerate(signal):
            total[i] += s
    return total


def white(seconds, chance):
    return array.array("d", (chance.uniform(-1, 1) for _ in range(int(seconds * RATE))))


def pink(seconds, chance):
    """White noise through three leaky sums, which comes within 1 dB of 3 dB an octave in the speech band."""
    slow = middle = fast = 0.0
    out = array.array("d")
    for w in white(seconds, chance):
        slow = 0.99765 * slow + w * 0.0990460
        middle = 0.96300 * middle + w * 0.2965164
        fast = 0.57000 * fast + w * 1.0526913
        out.append(slow + middle + fast + w * 0.1848)
    return out


def tones(frequencies, seconds, decay=0.0):
    """Sines, each half as loud as the one before, dying away by `decay` a second."""
    steps = [2 * math.pi * f / RATE for f in frequencies]
    return array.array("d", (
        math.exp(-decay * n / RATE) * sum(math.sin(step * n) * 0.5 ** k for k, step in enumerate(steps))
        for n in range(int(seconds * RATE))))


def joined(*parts):
    out = array.array("d")
    for part in parts:
        out.extend(part)
    return out


def silence(seconds):
    return array.array("d", bytes(8 * int(seconds * RATE)))


# Voices.

def spoken(text, voice, chance, folder):
    """What the voice says, without the silence around it."""
    raw = folder / "voice.wav"
    if voice["engine"] == "flite":
        stretch = chance.uniform(0.95, 1.12)
        run("flite", "-voice", voice["voice"], "--setf", f"duration_stretch={stretch:.3f}", "-o", str(raw), "-t", text)
    else:
        speed = round(voice["speed"] * chance.uniform(0.92, 1.05))
        run("espeak-ng", "-v", voice["voice"], "-s", str(speed), "-p", str(voice["pitch"]), "-w", str(raw), text)
    trimmed = folder / "trimmed.wav"
    trim = ("silence", "1", "0.01", "-55d", "reverse")
    run("sox", "-D", "-R", str(raw), "-b", "16", str(trimmed), "gain", "-3", "rate", "-h", str(RATE), "channels", "1", *trim, *trim)
    return read(trimmed)


# Sounds that are no caller: scene name -> (seeded chance, folder) -> signal at its level.

CROWD = [
    ("en-gb", "so I told him that the ladder was still in the garden behind the house"),
    ("en-us+f3", "we could meet on Thursday, or maybe the week after that, I am not sure yet"),
    ("en-us+m3", "they painted the whole kitchen yellow and now nobody can find the door"),
    ("en-gb-x-rp+f2", "have you seen how tall the children are, it feels like yesterday"),
    ("en-gb-scotland", "the bridge will be closed until autumn, so everybody drives along the river"),
]


def babble(chance, folder):
    voices = []
    for name, text in CROWD:
        voice = {"engine": "espeak-ng", "voice": name, "speed": 160, "pitch": 50}
        talk = at_level(spoken(text, voice, chance, folder), -30)
        start = int(chance.uniform(0, 0.5) * RATE)
        voices.append(joined(silence(start / RATE), talk))
    return sox(mixed(*voices)[:4 * RATE], folder, "reverb", "40")


def cough(chance, folder):
    """A burst that opens sharply, then air with a little voice."""
    burst = white(0.35, chance)
    for n in range(len(burst)):
        t = n / RATE
        burst[n] *= math.exp(-t * 30) + 0.35 * math.exp(-((t - 0.16) / 0.07) ** 2) * (1 + math.sin(2 * math.pi * 140 * t))
    return sox(burst, folder, "gain", "-6", "bandpass", "1100", "1.2q", "equalizer", "600", "1q", "6")


def slam(chance, folder):
    thud = mixed(tones([70, 110, 190], 0.6, decay=14), white(0.6, chance))
    for n in range(len(thud)):
        thud[n] *= 0.4 * math.exp(-n / RATE * 18)
    return sox(thud, folder, "gain", "-6", "lowpass", "1800", "reverb", "30")


def clicks(chance, folder):
    out = silence(2.5)
    for _ in range(14):
        start = int(chance.uniform(0, 2.4) * RATE)
        for n, s in enumerate(white(0.006, chance)):
            out[start + n] += s * chance.uniform(0.3, 1)
    return sox(out, folder, "gain", "-6", "highpass", "900")


def chords(chance, folder):
    def chord(*notes):
        return mixed(*(tones([f, 2 * f, 3 * f], 1.1, decay=1.5) for f in notes))
    return joined(chord(262, 330, 392), chord(220, 262, 330), chord(175, 220, 262), chord(196, 247, 294))


def melody(chance, folder):
    notes = [392, 440, 494, 587, 494, 440, 392, 330, 392, 294, 330, 392]
    return joined(*(tones([f, 2 * f, 3 * f, 4 * f], 0.32, decay=4) for f in notes))


SCENES = {
    "white": lambda c, d: at_level(white(3, c), -36),
    "pink": lambda c, d: at_level(pink(3, c), -33),
    "hum": lambda c, d: at_level(tones([100, 50, 150, 300, 450, 600], 3), -32),
    "babble": lambda c, d: at_level(babble(c, d), -30),
    "cough": lambda c, d: at_level(cough(c, d), -22),
    "two_coughs": lambda c, d: at_level(joined(cough(c, d), silence(0.25), cough(c, d)), -23),
    "slam": lambda c, d: at_level(slam(c, d), -22),
    "clicks": lambda c, d: at_level(clicks(c, d), -34),
    "chords": lambda c, d: at_level(chords(c, d), -27),
    "melody": lambda c, d: at_level(melody(c, d), -27),
    "dial_tone": lambda c, d: at_level(tones([425], 2.5), -24),
    "silence": lambda c, d: silence(2.5),
}


def television(speech, chance, folder):
    """The speech far away in a hard room, music at nearly its level behind it."""
    level = SPEECH_DBFS + TELEVISION_DB
    far = at_level(sox(speech, folder, "gain", "-9", "pad", "0", "0.6", "reverb", "75", "50", "90"), level)
    music = at_level(chords(chance, folder)[: len(far) + RATE], level - 4)
    return mixed(joined(silence(0.4), far), music)


def recording(row, name, voice):
    """The finished signal of one row in one voice."""
    chance = random.Random(zlib.crc32(f"{row['file']}.{name}".encode()))
    scene = row.get("scene")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if scene in SCENES:
            signal = SCENES[scene](chance, folder)
        else:
            speech = spoken(row.get("say", row["words"]), voice, chance, folder)
            if scene == "television":
                signal = television(speech, chance, folder)
            elif scene is None:
                signal = at_level(speech, SPEECH_DBFS + chance.uniform(-5, 4))
            else:
                fail(f"{row['file']}: unknown scene '{scene}'")
        signal = joined(silence(LEAD), signal, silence(TRAIL))
        room = at_level(pink(len(signal) / RATE, chance), ROOM_DBFS)
        return mixed(signal, room)


def make(job, into):
    row, name, voice = job
    base = f"{row['file']}.{name}.wav"
    near = recording(row, name, voice)
    write(into / "kiosk" / base, near)
    with tempfile.TemporaryDirectory() as temporary:
        # A telephone brings every caller to about the level that the microphone had, bass or no bass.
        band = at_level(sox(near, Path(temporary), "sinc", "300-3400"), 20 * math.log10(rms(near)))
        whole = Path(temporary) / "band.wav"
        write(whole, band)
        run("sox", "-D", "-R", str(whole), "-e", "mu-law", "-b", "8", str(into / "phone" / base), "rate", "-h", "8000")


def check(jobs):
    """Whether the folder holds what the table says and the calls name nothing else."""
    named = {f"{row['file']}.{name}.wav" for row, name, _ in jobs}
    faults = []
    for band in ("phone", "kiosk"):
        there = {path.name for path in (HERE / band).glob("*.wav")}
        faults += [f"missing: {band}/{name}" for name in sorted(named - there)]
        faults += [f"left over: {band}/{name}" for name in sorted(there - named)]
    calls = sorted((HERE / "calls").glob("*.call.json5"))
    for path in calls:
        call = read_json5(path)
        for turn in call["turns"]:
            if "wav" in turn:
                band, name = turn["wav"].split("/")[-2:]
                if name not in named:
                    faults.append(f"{path.name}: not in the table: {name}")
                if band != call["line"]:
                    faults.append(f"{path.name}: {name} is of the other line")
    size = sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file())
    print(f"{len(named)} recordings in two bands, {len(calls)} calls, {size / 1e6:.1f} MB")
    if faults:
        fail("\n".join(["the folder and the table differ"] + faults))


def jobs_of(table):
    """A recording for each voice of each row."""
    jobs = [(row, name, table["voices"][name]) for row in table["utterances"] for name in row["voices"]]
    if len({f"{row['file']}.{name}" for row, name, _ in jobs}) < len(jobs):
        fail("utterances.json5 names a recording twice")
    return jobs


def make_all(jobs, into):
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        fail(f"missing {', '.join(missing)}; install them: apt-get install {' '.join(missing)}")
    for band in ("phone", "kiosk"):
        (into / band).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: make(job, into), jobs))


def make_tuning(table, into):
    """Every request in every tuning voice that says requests at all; all else as it is here."""
    requests = [row for row in table["utterances"] if row["expect"] != "rejected"]
    asking = {name for row in requests for name in row["voices"]}
    tuning = {name for name in asking if table["voices"][name]["use"] == "tuning"}
    for row in requests:
        row["voices"] = sorted(tuning.union(row["voices"]))
    jobs = jobs_of(table)
    make_all(jobs, into)
    (into / "utterances.json5").write_text(json.dumps(table), encoding="utf-8")
    print(f"{len(jobs)} recordings in two bands")


def main(arguments):
    table = read_json5(HERE / "utterances.json5")
    if len(arguments) == 2 and arguments[0] == "--tuning":
        return make_tuning(table, Path(arguments[1]))
    jobs = jobs_of(table)
    if arguments == ["--check"]:
        return check(jobs)
    if any(argument.startswith("-") for argument in arguments):
        fail("usage: make.py [--check | --tuning DIR | NAME...]")
    wanted = [job for job in jobs if not arguments or any(job[0]["file"].startswith(a) for a in arguments)]
    make_all(wanted, HERE)
    named = {f"{row['file']}.{name}.wav" for row, name, _ in jobs}
    for path in HERE.glob("*/*.wav"):
        if path.name not in named:
            path.unlink()
    check(jobs) if not arguments else print(f"{len(wanted)} recordings in two bands")


if __name__ == "__main__":
    main(sys.argv[1:])
