"""Burrow as a client of the matrix: client.py <test> <bootstrap server> <prefix>.

Burrow reads __consumer_offsets itself and asks for the ends of partitions; its HTTP interface must tell the lag of a group that kcat left
half way.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PATIENCE_S = 50
RECORDS = 100
TARGET = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../target/clients/burrow")

CONFIGURATION = """
[general]
pidfile="{folder}/pid"

[logging]
level="warn"

[zookeeper]
servers=["127.0.0.1:{zookeeper}"]
timeout=6
root-path="/burrow"

[client-profile.matrix]
client-id="burrow-matrix"
kafka-version="{version}"

[cluster.broker]
class-name="kafka"
servers=["{bootstrap}"]
client-profile="matrix"
topic-refresh=5
offset-refresh=1

[consumer.broker]
class-name="kafka"
cluster="broker"
servers=["{bootstrap}"]
client-profile="matrix"
start-latest=false

[httpserver.default]
address="127.0.0.1:{port}"
"""


def main():
    version, test, bootstrap, prefix = sys.argv[1:]
    assert test == "lag"
    name = "%s-%s" % (prefix, test)
    lines = "".join("record %d\n" % number for number in range(RECORDS))
    kcat(bootstrap, ["-P", "-t", name], lines)
    kcat(bootstrap, ["-G", name, "-c", str(RECORDS * 6 // 10), "-X", "auto.offset.reset=earliest", name])
    with tempfile.TemporaryDirectory() as folder:
        port, zookeeper_port = free_port(), free_port()
        with open(folder + "/burrow.toml", "w") as file:
            file.write(CONFIGURATION.format(folder=folder, bootstrap=bootstrap, port=port, zookeeper=zookeeper_port, version=version))
        zookeeper = ["java", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-Dzookeeper.admin.enableServer=false", "-cp", TARGET + "/zookeeper/*"]
        zookeeper += ["org.apache.zookeeper.server.ZooKeeperServerMain", str(zookeeper_port), folder + "/zookeeper"]
        with contextlib.ExitStack() as processes:
            processes.enter_context(running(zookeeper, folder))
            await_zookeeper(zookeeper_port)
            burrow = processes.enter_context(running([TARGET + "/usr/bin/Burrow", "--config-dir", folder], folder))
            url = "http://127.0.0.1:%d/v3/kafka/broker/consumer/%s/lag" % (port, name)
            expect_lag(folder, burrow, url, RECORDS * 4 // 10)


@contextlib.contextmanager
def running(command, folder):
    with open(folder + "/said", "a") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def kcat(bootstrap, arguments, text=""):
    command = ["kcat", "-b", bootstrap, "-q", "-X", "broker.address.family=v4"] + arguments
    subprocess.run(command, input=text, text=True, timeout=30, check=True, stdout=subprocess.DEVNULL)


def expect_lag(folder, burrow, url, lag):
    deadline = time.monotonic() + PATIENCE_S
    seen = None
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                seen = json.load(answer)["status"]
            if seen["totallag"] == lag and len(seen["partitions"]) == 1 and seen["partitions"][0]["current_lag"] == lag:
                return
        except urllib.error.HTTPError as error:
            seen = error.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            seen = error
        if time.monotonic() > deadline or burrow.poll() is not None:
            with open(folder + "/said") as said:
                sys.exit("%s\nthe lag should be %d; Burrow says %s" % (said.read(), lag, seen))
        time.sleep(0.5)


def await_zookeeper(port):
    """Its port is open before it serves, and Burrow tries once."""
    deadline = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as asking:
                asking.sendall(b"srvr")
                if b"Mode: standalone" in asking.makefile("rb").read():
                    return
        except OSError:
            pass
        assert time.monotonic() < deadline, "ZooKeeper does not start"
        time.sleep(0.1)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


main()
