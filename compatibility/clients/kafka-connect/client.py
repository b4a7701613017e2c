"""Kafka Connect as a client of the matrix: client.py <test> <bootstrap server> <prefix>.

A standalone worker ships the lines of a file to a topic with the file source, and back into another file with the file sink. It is stopped
and started once, and goes on where it was.
"""

import os
import subprocess
import sys
import tempfile
import time

PATIENCE_S = 30
LINES = 300
TARGET = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../target/clients/kafka-connect")

WORKER = """
bootstrap.servers={bootstrap}
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.storage.StringConverter
offset.storage.file.filename={folder}/offsets
offset.flush.interval.ms=1000
listeners=http://127.0.0.1:0
plugin.discovery=service_load
"""
SOURCE = """
name={topic}-source
connector.class=org.apache.kafka.connect.file.FileStreamSourceConnector
tasks.max=1
file={folder}/in
topic={topic}
"""
SINK = """
name={topic}-sink
connector.class=org.apache.kafka.connect.file.FileStreamSinkConnector
tasks.max=1
file={folder}/out
topics={topic}
"""


def main():
    test, bootstrap, prefix = sys.argv[1:]
    assert test == "ships"
    lines = ["line %d of the file" % number for number in range(LINES)]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("worker", WORKER), ("source", SOURCE), ("sink", SINK)):
            with open("%s/%s.properties" % (folder, name), "w") as file:
                file.write(text.format(folder=folder, bootstrap=bootstrap, topic="%s-%s" % (prefix, test)))
        for end in (LINES // 3, LINES):
            append(folder, lines[0 if end < LINES else LINES // 3:end])
            run_until(folder, lines[:end])


def append(folder, lines):
    with open(folder + "/in", "a") as file:
        file.write("".join(line + "\n" for line in lines))


def run_until(folder, lines):
    """Runs a worker until exactly these lines are in the sink's file, in order."""
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
    command += ["-cp", TARGET + "/*", "org.apache.kafka.connect.cli.ConnectStandalone"]
    command += ["%s/%s.properties" % (folder, name) for name in ("worker", "source", "sink")]
    with open(folder + "/said", "a") as said:
        worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    try:
        deadline = time.monotonic() + PATIENCE_S
        seen = []
        while seen != lines:
            if time.monotonic() > deadline or worker.poll() is not None:
                with open(folder + "/said") as said:
                    sys.exit("%s\n%d of %d lines came through, the first wrong one is %s" % (
                        said.read(), len(seen), len(lines), next((pair for pair in zip(seen, lines) if pair[0] != pair[1]), None)))
            time.sleep(0.1)
            if os.path.exists(folder + "/out"):
                with open(folder + "/out") as file:
                    seen = file.read().splitlines()
    finally:
        worker.terminate()
        try:
            worker.wait(15)
        except subprocess.TimeoutExpired:
            worker.kill()


main()
