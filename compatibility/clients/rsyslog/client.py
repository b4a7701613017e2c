"""rsyslog as a client of the matrix: client.py <test> <bootstrap server> <prefix>.

One rsyslogd follows a file and ships its lines with omkafka, and reads them back with imkafka into another file.
"""

import os
import subprocess
import sys
import tempfile
import time

PATIENCE_S = 60
LINES = 500
RSYSLOGD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rsyslogd")

CONFIGURATION = """
global(workDirectory="{folder}")
module(load="imfile" mode="inotify")
module(load="imkafka")
module(load="omkafka")
template(name="line" type="string" string="%msg%")
template(name="lines" type="string" string="%rawmsg%\\n")
ruleset(name="ship") {{
  action(type="omkafka" broker=["{bootstrap}"] topic="{topic}" template="line" errorFile="{folder}/errors"
         confParam=["compression.codec={codec}", "broker.address.family=v4"] resubmitOnFailure="on" queue.type="LinkedList")
}}
ruleset(name="keep") {{
  action(type="omfile" file="{folder}/out" template="lines" asyncWriting="off" ioBufferSize="1" flushOnTXEnd="on")
}}
ruleset(name="own") {{ action(type="omfile" file="{folder}/own") }}
input(type="imfile" file="{folder}/in" tag="matrix" ruleset="ship" freshStartTail="off")
input(type="imkafka" broker=["{bootstrap}"] topic="{topic}" consumergroup="{topic}" ruleset="keep" parseHostname="off"
      confParam=["auto.offset.reset=earliest", "broker.address.family=v4"])
"""


def main():
    test, bootstrap, prefix = sys.argv[1:]
    codec = {"ships": "none", "codec-gzip": "gzip", "codec-snappy": "snappy", "codec-lz4": "lz4", "codec-zstd": "zstd"}[test]
    with tempfile.TemporaryDirectory() as folder:
        settings = dict(folder=folder, bootstrap=bootstrap, topic="%s-%s" % (prefix, test), codec=codec)
        with open(folder + "/rsyslog.conf", "w") as file:
            file.write(CONFIGURATION.format(**settings))
        sent = ["line %d of what happened" % number for number in range(LINES)]
        append(folder, sent[:LINES // 2])
        command = [RSYSLOGD, "-n", "-f", folder + "/rsyslog.conf", "-i", folder + "/pid"]
        with open(folder + "/said", "w") as said:
            daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            expect(folder, daemon, sent[:LINES // 2])
            append(folder, sent[LINES // 2:])
            expect(folder, daemon, sent)
        finally:
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()


def append(folder, lines):
    with open(folder + "/in", "a") as file:
        file.write("".join(line + "\n" for line in lines))


def expect(folder, daemon, lines):
    """Waits until exactly these lines came back, in order."""
    deadline = time.monotonic() + PATIENCE_S / 2
    seen = []
    while seen != lines:
        if time.monotonic() > deadline or daemon.poll() is not None:
            complain = "".join(read(folder, name) for name in ("said", "own", "errors"))
            sys.exit("%s\n%d of %d lines came back, the first wrong one is %s" % (
                complain, len(seen), len(lines), next((pair for pair in zip(seen, lines) if pair[0] != pair[1]), None)))
        time.sleep(0.1)
        seen = [line.strip() for line in read(folder, "out").splitlines()]


def read(folder, name):
    try:
        with open(folder + "/" + name) as file:
            return file.read()
    except FileNotFoundError:
        return ""


main()
