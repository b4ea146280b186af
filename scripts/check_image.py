#!/usr/bin/env python3
"""Carries out the commands of the Dockerfile in folders instead of images, and tries the server that comes out of it.

Run as root: check_image.py [--build-arg NAME=VALUE]... [--built BINARY] [--cache DIR] [--keep]

Each stage begins as a fresh Debian 12 (debootstrap, made once and kept in the cache); the Swift toolchain of this
machine stands for the Swift image, read-only. COPY, RUN, ENV, USER and WORKDIR do what they do in an image, RUN in
namespaces of its own. In the end ENTRYPOINT runs with secrets made for it: /ready must answer, the image's own
HEALTHCHECK must agree, the process must not be root, may write nowhere but to its volumes, and SIGTERM must end it
with 0. With --built the `swift build` is left out and that binary taken for its product.
"""

import argparse
import fnmatch
import json
import os
import pathlib
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PORT = 8090


def instructions():
    """The Dockerfile's instructions, continued lines joined."""
    text = "\n".join(line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#"))
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word.upper(), re.sub(r" {2,}", " ", rest.strip())


def ignored(path):
    """What .dockerignore keeps out, by its first part."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return any(fnmatch.fnmatch(path.split("/")[0], line) for line in lines if line and not line.startswith("#"))


class Stage:
    """One stage: a root of its own."""

    def __init__(self, base, work, name, swift):
        self.root = work / name
        self.root.mkdir()
        self.lower, self.upper, self.inner = base, work / f"{name}.upper", work / f"{name}.work"
        self.upper.mkdir()
        self.inner.mkdir()
        subprocess.run(
            ["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={base},upperdir={self.upper},workdir={self.inner}", self.root],
            check=True)
        self.mounts = [self.root]
        if swift:
            target = self.root / str(swift).lstrip("/")
            target.mkdir(parents=True, exist_ok=True)
            subprocess.run(["mount", "--bind", "-o", "ro", swift, target], check=True)
            self.mounts.append(target)
        self.folder, self.user = "/", "root"
        self.environment = {"PATH": (f"{swift}/usr/bin:" if swift else "") + PATH, "HOME": "/root"}
        self.arguments = {}

    def at(self, path):
        return self.root / str(pathlib.PurePosixPath(self.folder) / path).lstrip("/")

    def command(self, words):
        """A command in the root: processes, mounts and devices of its own, the network of this machine."""
        prepare = (
            'r=$1; shift; mount -t proc proc "$r/proc"; mount -t tmpfs -o mode=755 dev "$r/dev"; '
            'for n in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$r/dev/${n%:*}" c 1 "${n#*:}"; done; '
            'ln -s /proc/self/fd "$r/dev/fd"; exec "$@"')
        chroot = ["chroot", f"--userspec={self.user}:{self.user}", str(self.root)]
        inside = 'cd "$0" && exec "$@"'
        variables = [f"{name}={value}" for name, value in (self.environment | self.arguments).items()]
        return [
            "unshare", "-m", "-p", "-f", "--kill-child=KILL", "sh", "-ec", prepare, "sh", str(self.root),
            *chroot, "env", "-i", *variables, "sh", "-c", inside, self.folder, *words,
        ]

    def run(self, text):
        subprocess.run(self.command(["/bin/sh", "-ec", text]), check=True)

    def copy(self, words, stages):
        owner, source = "root", None
        while words[0].startswith("--"):
            name, _, value = words.pop(0).partition("=")
            owner, source = (value, source) if name == "--chown" else (owner, stages[value].root)
        *sources, target = words
        place = self.at(target)
        for path in sources:
            origin = (source or ROOT) / path.lstrip("/")
            names = [origin] if origin.exists() else []
            assert names, f"COPY {path}: there is none"
            if origin.is_dir():
                skip = (lambda folder, names: [name for name in names if ignored(os.path.relpath(f"{folder}/{name}", ROOT))]) if not source else None
                shutil.copytree(origin, place, ignore=skip, symlinks=True, dirs_exist_ok=True)
            else:
                end = place / origin.name if target.endswith("/") or place.is_dir() else place
                end.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(origin, end)
        if owner != "root":
            subprocess.run(["chroot", self.root, "chown", "-R", owner, str(pathlib.PurePosixPath(self.folder) / target)], check=True)

    def close(self):
        for mount in reversed(self.mounts):
            subprocess.run(["umount", "-l", mount], check=False)


def debootstrap(cache):
    """The command, and what it needs in its environment: where it is not installed, only unpacked."""
    if shutil.which("debootstrap"):
        return ["debootstrap"], {}
    folder = cache / "debootstrap"
    if not folder.exists():
        folder.mkdir()
        subprocess.run(["apt-get", "-qq", "download", "debootstrap"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["dpkg-deb", "-x", next(folder.glob("*.deb")), folder], check=True)
    return ["sh", str(folder / "usr/sbin/debootstrap")], {"DEBOOTSTRAP_DIR": str(folder / "usr/share/debootstrap")}


def base_root(cache):
    """A fresh Debian 12 that reaches its mirrors as this machine does."""
    root = cache / "debian-bookworm"
    if root.exists():
        return root
    draft = pathlib.Path(tempfile.mkdtemp(dir=cache))
    sources = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Codename: bookworm"],
        capture_output=True, text=True, check=True).stdout.split()
    tool, environment = debootstrap(cache)
    subprocess.run(
        [*tool, "--variant=minbase", "--include=ca-certificates", "bookworm", draft, *sources[:1]],
        check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, **environment))
    (draft / "etc/resolv.conf").write_bytes(pathlib.Path("/etc/resolv.conf").read_bytes())
    for name in ("etc/apt/sources.list", "etc/apt/sources.list.d", "etc/apt/keyrings", "usr/share/keyrings", "usr/local/share/ca-certificates"):
        origin = pathlib.Path("/") / name
        if origin.is_dir():
            shutil.copytree(origin, draft / name, dirs_exist_ok=True)
        elif origin.exists():
            shutil.copy2(origin, draft / name)
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    (draft / "etc/apt/apt.conf.d/99network").write_text(
        "".join(line + "\n" for line in dump.splitlines() if re.match(r"Acquire::(http|https|Retries)\b", line)))
    (draft / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
    (draft / "usr/sbin/policy-rc.d").chmod(0o755)
    subprocess.run(["chroot", draft, "update-ca-certificates"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # As in the image of that name.
    shutil.rmtree(draft / "var/lib/apt/lists", ignore_errors=True)
    draft.rename(root)
    return root


def build(options, work, base, swift):
    """All stages, in order; the last one with what it declares."""
    stages, stage, image = {}, None, {}
    arguments = dict(one.split("=", 1) for one in options.build_arg)
    for word, rest in instructions():
        print(f"==> {word} {rest}", flush=True)
        if word == "FROM":
            name = rest.split()[2] if " AS " in rest.upper() else str(len(stages))
            stage = stages[name] = Stage(base, work, name, swift if rest.startswith("swift:") else None)
            options.opened.append(stage)
        elif word == "ARG":
            name, _, value = rest.partition("=")
            stage.arguments[name] = arguments.get(name, value)
        elif word == "ENV":
            stage.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        elif word == "WORKDIR":
            stage.folder = rest
            stage.at(".").mkdir(parents=True, exist_ok=True)
        elif word == "COPY":
            stage.copy(rest.split(), stages)
        elif word == "USER":
            stage.user = rest
        elif word == "RUN" and options.built and "swift build" in rest:
            target = stage.root / "out/orchestratord"
            target.parent.mkdir()
            shutil.copy2(options.built, target)
        elif word == "RUN":
            stage.run(rest)
        elif word == "HEALTHCHECK":
            image[word] = json.loads(rest[rest.index("["):])
        elif word in ("ENTRYPOINT", "CMD", "VOLUME"):
            image[word] = json.loads(rest)
        else:
            assert word in ("EXPOSE", "STOPSIGNAL", "LABEL"), f"{word} is not known here"
    return stage, image


def try_out(stage, image):
    """Starts what came out, as a container is started, and looks at it from outside."""
    stage.environment |= {name: secrets.token_hex(32) for name in ("JWT_SECRET", "JWT_SECRET_KEY")} | {"PORT": str(PORT)}
    words = stage.command([*image["ENTRYPOINT"], *image["CMD"]])
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        assert line.startswith("ready:"), f"it did not start: {line}"
        inside = int(subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True).stdout)
        status = pathlib.Path(f"/proc/{inside}/status").read_text()
        assert re.search(r"^Uid:\t(\d+)", status, re.M).group(1) != "0", "it runs as root"
        subprocess.run(stage.command(image["HEALTHCHECK"]), check=True)
        writable = subprocess.run(
            stage.command(["find", "/", "-xdev", "-writable", "-type", "d", "-not", "-path", "/proc/*"]),
            capture_output=True, text=True).stdout.split()
        home = ("/srv/orchestratord", "/tmp", "/var/tmp", "/run/lock", "/dev/shm", "/var/lock")
        assert all(path.startswith(home) for path in writable), writable
        began = time.monotonic()
        os.kill(inside, signal.SIGTERM)
        code = server.wait(timeout=15)
        print(f"==> ready, healthy, user {stage.user}, stopped with {code} after {time.monotonic() - began:.1f} s")
        assert code == 0, code
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--built", metavar="BINARY")
    parser.add_argument("--cache", default="/var/tmp/orchestratord-image", type=pathlib.Path)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    options.opened = []
    assert os.geteuid() == 0, "needs root"
    swift = pathlib.Path(shutil.which("swift")).resolve().parents[2]
    options.cache.mkdir(parents=True, exist_ok=True)
    work = pathlib.Path(tempfile.mkdtemp(dir=options.cache))
    try:
        stage, image = build(options, work, base_root(options.cache), swift)
        try_out(stage, image)
        size = subprocess.run(["du", "-sxm", stage.upper], capture_output=True, text=True, check=True).stdout.split()[0]
        print(f"==> the last stage adds {size} MB to Debian")
    finally:
        for stage in options.opened:
            stage.close()
        if not options.keep:
            shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
