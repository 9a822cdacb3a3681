#!/usr/bin/env python3
"""Makes telephone.mllr and telephone.mean: what moves the means of Debian's en-us model to where telephone sound has them.

    make-telephone.py RECORDINGS    a folder of .flac files and transcripts.tsv (file, tab, words), as the CMU AN4 corpus has them

Two recordings of three go through a line's band of 300 to 3,400 Hz, the third only through 8,000 samples a second; all through
mu-law. The mean of the front end's coefficients is taken off as the recogniser does it: mostly the mean of all recordings, little
the utterance's own. Then sphinxtrain aligns the words and solves for one linear transform of all means (MLLR), twice, the second
time from where the first has got to.

Needs Debian's packages pocketsphinx, pocketsphinx-en-us, sphinxbase-utils, sphinxtrain, sox and libsox-fmt-all; takes some minutes.
"""

import array
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

MODEL = Path("/usr/share/pocketsphinx/model/en-us")
ACOUSTIC = MODEL / "en-us"
TRAINER = Path("/usr/lib/sphinxtrain")
COEFFICIENTS = 13
PRIOR_FRAMES = 100  # what the common mean is worth beside the utterance's own frames
PASSES = 2


def run(*command, log):
    with open(log, "w") as out:
        if subprocess.run([str(part) for part in command], stdout=out, stderr=out).returncode:
            sys.exit(f"make-telephone.py: {command[0]} failed:\n" + Path(log).read_text()[-2000:])


def transcripts(folder):
    """Names and words of the recordings, in the order of their names."""
    rows = [line.split("\t") for line in (folder / "transcripts.tsv").read_text().splitlines()]
    return sorted((name.removesuffix(".flac"), words.lower().split()) for name, words in rows)


def through_telephone(source, target, narrow):
    """The sound as a line brings it, at the model's 16,000 samples a second."""
    line = ["sox", source, "-r", "8000", "-e", "mu-law", "-t", "wav", "-"] + (["sinc", "300-3400"] if narrow else [])
    coded = subprocess.run(line, check=True, capture_output=True).stdout
    subprocess.run(["sox", "-t", "wav", "-", "-r", "16000", "-b", "16", "-e", "signed", target], input=coded, check=True)


def cepstra(path):
    """Frames of a file of sphinx_fe: a count, then floats."""
    data = path.read_bytes()
    (count,) = struct.unpack("<i", data[:4])
    values = array.array("f", data[4:])
    if count != len(values):
        values.byteswap()
    return [values[start : start + COEFFICIENTS] for start in range(0, len(values), COEFFICIENTS)]


def normalize(folder, names):
    """Takes the mean off all files of `folder`; gives the mean of all frames."""
    frames = {name: cepstra(folder / f"{name}.mfc") for name in names}
    sums = {name: [sum(column) for column in zip(*rows)] for name, rows in frames.items()}
    total = sum(len(rows) for rows in frames.values())
    common = [sum(column) / total for column in zip(*sums.values())]
    for name, rows in frames.items():
        weight = PRIOR_FRAMES + len(rows)
        mean = [(PRIOR_FRAMES * prior + own) / weight for prior, own in zip(common, sums[name])]
        values = array.array("f", (value - mean[index] for row in rows for index, value in enumerate(row)))
        (folder / f"{name}.mfc").write_bytes(struct.pack("<i", len(values)) + values.tobytes())
    return common


def mixture_weights(target):
    """The model's quantized mixture weights (sendump) as the probabilities that sphinxtrain reads."""
    data = (ACOUSTIC / "sendump").read_bytes()
    position, facts = 0, {"feature_count": 1, "mixw_shift": 10}
    while True:
        (length,) = struct.unpack_from("<I", data, position)
        position += 4
        if length == 0:
            break
        words = data[position : position + length - 1].decode("latin-1").split()
        if len(words) > 1 and words[0] in facts:
            facts[words[0]] = int(words[1])
        position += length
    densities, senones = struct.unpack_from("<II", data, position)
    weights, streams = data[position + 8 :], facts["feature_count"]
    probability = [1.0001 ** -(value << facts["mixw_shift"]) for value in range(256)]
    values = array.array("f", bytes(4 * streams * densities * senones))
    for stream in range(streams):
        for density in range(densities):
            start = (stream * densities + density) * senones
            for senone in range(senones):
                values[(senone * streams + stream) * densities + density] = probability[weights[start + senone]]
    body = struct.pack("<IIII", senones, streams, densities, len(values)) + values.tobytes()
    checksum = 0
    for word in array.array("I", body):
        checksum = ((checksum << 20 & 0xFFFFFFFF | checksum >> 12) + word) & 0xFFFFFFFF
    head = b"s3\nversion 1.0\nchksum0 yes\n"
    head += b" " * (-(len(head) + 7) % 4) + b"endhdr\n"
    target.write_bytes(head + struct.pack("<I", 0x11223344) + body + struct.pack("<I", checksum))


def dictionary(target, words):
    lines = (MODEL / "cmudict-en-us.dict").read_text().splitlines()
    known = [line for line in lines if line.split("(")[0].split(" ")[0] in words]
    target.write_text("\n".join(known) + "\n")


def adapt(recordings, here):
    said = transcripts(recordings)
    names = [name for name, _ in said]
    (here / "wav").mkdir()
    for index, name in enumerate(names):
        through_telephone(recordings / f"{name}.flac", here / "wav" / f"{name}.wav", narrow=index % 3 != 0)
    (here / "ids").write_text("\n".join(names) + "\n")
    (here / "said").write_text("".join(f"<s> {' '.join(words)} </s> ({name})\n" for name, words in said))
    (here / "filler").write_text("<s> SIL\n</s> SIL\n<sil> SIL\n")
    dictionary(here / "dictionary", {word for _, words in said for word in words})
    mixture_weights(here / "mixture_weights")
    run("pocketsphinx_mdef_convert", "-text", ACOUSTIC / "mdef", here / "mdef", log=here / "log")

    # The front end's own settings; the others are of the model and the search.
    others = ("-feat", "-svspec", "-agc", "-cmn", "-varnorm", "-model")
    lines = (ACOUSTIC / "feat.params").read_text().splitlines()
    (here / "front-end").write_text("\n".join(line for line in lines if not line.startswith(others)) + "\n")
    (here / "mfc").mkdir()
    run(
        "sphinx_fe", "-argfile", here / "front-end", "-samprate", "16000", "-remove_noise", "no", "-c", here / "ids",
        "-di", here / "wav", "-ei", "wav", "-mswav", "yes", "-do", here / "mfc", "-eo", "mfc", log=here / "log")
    mean = normalize(here / "mfc", names)

    means = ACOUSTIC / "means"
    for number in range(PASSES):
        counts, transform = here / f"counts-{number}", here / f"transform-{number}"
        counts.mkdir()
        run(
            TRAINER / "bw", "-moddeffn", here / "mdef", "-ts2cbfn", ".ptm.", "-feat", "1s_c_d_dd", "-svspec",
            "0-12/13-25/26-38", "-cmn", "none", "-agc", "none", "-varnorm", "no", "-dictfn", here / "dictionary",
            "-fdictfn", here / "filler", "-ctlfn", here / "ids", "-lsnfn", here / "said", "-cepdir", here / "mfc",
            "-cepext", "mfc", "-meanfn", means, "-varfn", ACOUSTIC / "variances", "-mixwfn", here / "mixture_weights",
            "-tmatfn", ACOUSTIC / "transition_matrices", "-accumdir", counts, log=here / "log")
        # Always from the model's own means: what is solved for is the whole way from there.
        run(
            TRAINER / "mllr_solve", "-meanfn", ACOUSTIC / "means", "-varfn", ACOUSTIC / "variances", "-outmllrfn",
            transform, "-accumdir", counts, log=here / "log")
        means = here / f"means-{number}"
        run(
            TRAINER / "mllr_transform", "-inmeanfn", ACOUSTIC / "means", "-mllrmat", transform, "-outmeanfn", means,
            log=here / "log")
    return transform.read_text(), mean


def main():
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        transform, mean = adapt(Path(sys.argv[1]).resolve(), Path(scratch))
    here = Path(__file__).resolve().parent
    (here / "telephone.mllr").write_text(transform)
    (here / "telephone.mean").write_text(" ".join(f"{value:.2f}" for value in mean) + "\n")


main()
