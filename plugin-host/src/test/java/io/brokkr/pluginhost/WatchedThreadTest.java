package io.brokkr.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WatchedThreadTest {

    private static final int LOOKS = 3;

    /** A request is told of once, when it was seen at one look and at three more in a row, and once more when it is gone. */
    @Property
    void whatIsSeenForLongIsToldOnce(@ForAll List<@IntRange(max = 2) Integer> seenAtEachLook) {
        List<String> told = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        WatchedThread watched = new WatchedThread(
                Thread.currentThread(),
                (line, stack) ->
                        told.add(line.replaceAll("[0-9]+ ms", "N ms") + (stack == null ? "" : " with its stack")));
        List<String> requests = List.of("nothing", "request 1", "request 2");
        int before = 0;
        int times = 0;
        for (int seen : seenAtEachLook) {
            if (seen == 0) {
                watched.end();
            } else {
                watched.begin(requests.get(seen));
            }
            watched.look(LOOKS);
            if (seen != before && before != 0 && times > LOOKS) {
                expected.add(
                        Thread.currentThread().getName() + " is free again after N ms with " + requests.get(before));
            }
            times = seen == before ? times + 1 : 1;
            if (seen != 0 && times == LOOKS + 1) {
                expected.add("a handler or hook has held up the thread "
                        + Thread.currentThread().getName()
                        + ", and all connections that it serves, for N ms with "
                        + requests.get(seen)
                        + "; what takes long belongs on Scheduler.blocking() with its stack");
            }
            before = seen;
        }
        assertThat(told).isEqualTo(expected);
    }
}
