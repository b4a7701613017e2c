"""confluent-kafka as a client of the matrix: client.py <broker version or "default"> <test> <bootstrap server> <prefix>.

Ends with 0 if the client saw what the test promises, with 77 if the library cannot do it; else the last line on standard error is its error.
"""

import os
import sys
import threading
import traceback

import administration
import confluent_kafka
import groups
import records
from confluent_kafka import KafkaError, KafkaException
from connection import Connection, Unsupported

LIMIT_S = 80
TESTS = {**records.TESTS, **groups.TESTS, **administration.TESTS}


def main():
    broker_version, test, bootstrap, prefix = sys.argv[1:]
    end_after(LIMIT_S)
    if confluent_kafka.version()[0] == "1.7.0":
        assert confluent_kafka.libversion()[0] == "2.2.0", "librdkafka is %s" % confluent_kafka.libversion()[0]
    try:
        TESTS[test](Connection(bootstrap, prefix, broker_version))
    except Unsupported as reason:
        print(reason)
        end(77)
    except KafkaException as error:
        traceback.print_exc()
        # With a version given the client refuses by itself what that version did not have.
        refused = error.args[0].code() == KafkaError._UNSUPPORTED_FEATURE
        end(77 if refused and broker_version != "default" else 1)
    except BaseException:
        traceback.print_exc()
        end(1)
    end(0)


def end_after(seconds):
    """Clients wait long by default; a test that hangs is to end by itself."""

    def stop():
        print("hangs: no end within %d s" % seconds, file=sys.stderr)
        end(2)

    watch = threading.Timer(seconds, stop)
    watch.daemon = True
    watch.start()


def end(code):
    """At once: the client's threads may still be at work."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
