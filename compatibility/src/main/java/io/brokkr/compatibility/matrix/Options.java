package io.brokkr.compatibility.matrix;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run is asked for.
 *
 * @param quick the quick variants of each family alone; the documents stay as they are
 * @param clients the folders' names; empty means all
 * @param tests their names; empty means all
 * @param bootstrapServer of a broker that runs already; null starts one
 * @param apacheKafka the release of Apache Kafka that is started in the place of Brokkr; null starts Brokkr
 */
record Options(
        boolean quick,
        List<String> clients,
        List<String> tests,
        @Nullable String bootstrapServer,
        @Nullable String apacheKafka) {

    static final String USAGE =
            "compatibility/matrix [--quick] [--clients FOLDER,...] [--tests NAME,...] [--bootstrap HOST:PORT | --apache-kafka VERSION]";

    static Options parse(List<String> arguments) {
        boolean quick = false;
        List<String> clients = List.of();
        List<String> tests = List.of();
        String bootstrapServer = null;
        String apacheKafka = null;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--quick" -> quick = true;
                case "--clients" -> clients = List.of(value(option, rest).split(",", -1));
                case "--tests" -> tests = List.of(value(option, rest).split(",", -1));
                case "--bootstrap" -> bootstrapServer = value(option, rest);
                case "--apache-kafka" -> apacheKafka = value(option, rest);
                default -> throw new IllegalArgumentException("unknown option " + option + "; " + USAGE);
            }
        }
        if (bootstrapServer != null && apacheKafka != null) {
            throw new IllegalArgumentException("one broker a run; " + USAGE);
        }
        return new Options(quick, clients, tests, bootstrapServer, apacheKafka);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " wants a value; " + USAGE);
        }
        return rest.next();
    }

    boolean wants(String test) {
        return tests.isEmpty() || tests.contains(test);
    }

    /** Whether the broker is Brokkr as it was built. */
    boolean ownBroker() {
        return bootstrapServer == null && apacheKafka == null;
    }

    /** Whether this is a run of everything against a broker that is known, whose result is worth keeping. */
    boolean whole() {
        return !quick && clients.isEmpty() && tests.isEmpty() && bootstrapServer == null;
    }
}
