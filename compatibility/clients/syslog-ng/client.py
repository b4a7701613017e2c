"""syslog-ng as a client of the matrix: client.py <test> <bootstrap server> <prefix>.

One syslog-ng follows a file and ships its lines with its kafka destination; it cannot read them back, so kcat does.
"""

import os
import subprocess
import sys
import tempfile
import time

PATIENCE_S = 60
LINES = 500
SYSLOG_NG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "syslog-ng")

CONFIGURATION = """@version: 3.38
options {{ keep-hostname(yes); stats-freq(0); }};
source lines {{ file("{folder}/in" flags(no-parse) follow-freq(0.2)); }};
destination broker {{
  kafka-c(bootstrap-servers("{bootstrap}") topic("{topic}") message("${{MESSAGE}}") workers(1) sync-send(no)
    flush-timeout-on-shutdown(5000) config(compression.codec("{codec}") broker.address.family("v4")));
}};
log {{ source(lines); destination(broker); flags(flow-control); }};
"""


def main():
    test, bootstrap, prefix = sys.argv[1:]
    codec = {"ships": "none", "codec-gzip": "gzip", "codec-snappy": "snappy", "codec-lz4": "lz4", "codec-zstd": "zstd"}[test]
    topic = "%s-%s" % (prefix, test)
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/syslog-ng.conf", "w") as file:
            file.write(CONFIGURATION.format(folder=folder, bootstrap=bootstrap, topic=topic, codec=codec))
        sent = ["line %d of what happened" % number for number in range(LINES)]
        append(folder, sent[:LINES // 2])
        command = [SYSLOG_NG, "-F", "--no-caps", "-f", folder + "/syslog-ng.conf", "--stderr"]
        command += ["--%s=%s/%s" % (what, folder, what) for what in ("persist-file", "pidfile", "control")]
        with open(folder + "/said", "w") as said:
            daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            expect(folder, daemon, bootstrap, topic, sent[:LINES // 2])
            append(folder, sent[LINES // 2:])
            expect(folder, daemon, bootstrap, topic, sent)
        finally:
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()


def append(folder, lines):
    with open(folder + "/in", "a") as file:
        file.write("".join(line + "\n" for line in lines))


def expect(folder, daemon, bootstrap, topic, lines):
    """Waits until exactly these lines are in the topic, in order."""
    deadline = time.monotonic() + PATIENCE_S / 2
    seen = []
    while seen != lines:
        if time.monotonic() > deadline or daemon.poll() is not None:
            with open(folder + "/said") as said:
                sys.exit("%s\n%d of %d lines are there, the first wrong one is %s" % (
                    said.read(), len(seen), len(lines), next((pair for pair in zip(seen, lines) if pair[0] != pair[1]), None)))
        time.sleep(0.5)
        command = ["kcat", "-b", bootstrap, "-C", "-t", topic, "-e", "-q", "-o", "beginning", "-X", "broker.address.family=v4"]
        seen = subprocess.run(command, capture_output=True, text=True, timeout=30).stdout.splitlines()


main()
