"""kafka-python as a client of the matrix: client.py <api version or "default"> <test> <bootstrap server> <prefix>.

Ends with 0 if the client saw what the test promises, with 77 if the library cannot do it; else the last line on standard error is its error.
"""

import os
import sys
import threading
import traceback

import administration
import groups
import records
from connection import Connection, Unsupported
from kafka.errors import IncompatibleBrokerVersion, UnsupportedVersionError

LIMIT_S = 80
TESTS = {**records.TESTS, **groups.TESTS, **administration.TESTS}
# What compatibility/smoke calls the tests that it runs.
TESTS.update({
    "produce-and-consume": TESTS["fetch"],
    "compressed": TESTS["codec-gzip"],
    "group": TESTS["before-restart"],
    "idle-then-record": TESTS["empty-topic"],
    "data-kept": groups.data_kept,
    "group-resumes": TESTS["after-restart"],
})


def main():
    api_version, test, bootstrap, prefix = sys.argv[1:]
    end_after(LIMIT_S)
    try:
        TESTS[test](Connection(bootstrap, prefix, api_version))
    except Unsupported as reason:
        print(reason)
        end(77)
    except (IncompatibleBrokerVersion, UnsupportedVersionError) as error:
        traceback.print_exc()
        # With a version given the client refuses by itself what that version did not have.
        end(1 if api_version == "default" else 77)
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
