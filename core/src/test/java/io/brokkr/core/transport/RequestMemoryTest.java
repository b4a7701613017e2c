package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random clients that send requests in steps: all of them get through, and the bound holds. */
class RequestMemoryTest {

    private static final int STEPS = 4;

    /** A client that sends requests one after the other, each in steps, and waits whenever it has to. */
    private static final class Client implements RequestMemory.Waiter {

        private final RequestMemory memory;
        private final int stepBytes;
        private final List<Integer> served;
        private int requests;
        private int steps;
        private boolean waits;

        Client(RequestMemory memory, int stepBytes, int requests, List<Integer> served) {
            this.memory = memory;
            this.stepBytes = stepBytes;
            this.requests = requests;
            this.served = served;
        }

        boolean canGoOn() {
            return requests > 0 && !waits;
        }

        void goOn() {
            if (!memory.takeIncomplete(this, stepBytes)) {
                waits = true;
                return;
            }
            steps++;
            if (steps == STEPS) {
                memory.complete(this, STEPS * stepBytes);
                served.add(STEPS * stepBytes);
                steps = 0;
                requests--;
            }
        }

        void vanish() {
            memory.abandon(this, steps * stepBytes);
            requests = 0;
        }

        @Override
        public void memoryReleased() {
            waits = false;
        }
    }

    @Property(tries = 500)
    void everybodyGetsThroughAndTheBoundHolds(
            @ForAll @IntRange(min = 1, max = 2_000) int limit,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 300) Integer> stepBytes,
            @ForAll @IntRange(min = 1, max = 4) int requests,
            @ForAll boolean someVanish,
            @ForAll Random random) {
        RequestMemory memory = new RequestMemory(limit);
        List<Integer> served = new ArrayList<>();
        List<Client> clients = new ArrayList<>();
        stepBytes.forEach(bytes -> clients.add(new Client(memory, bytes, requests, served)));
        int largest =
                STEPS * stepBytes.stream().mapToInt(Integer::intValue).max().orElseThrow();
        while (clients.stream().anyMatch(client -> client.requests > 0)) {
            List<Client> ready = clients.stream().filter(Client::canGoOn).toList();
            // If nobody can go on, a request that is served must end, or nobody ever will.
            assertThat(ready.isEmpty() && served.isEmpty()).isFalse();
            if (!served.isEmpty() && (ready.isEmpty() || random.nextInt(3) == 0)) {
                memory.release(served.remove(random.nextInt(served.size())));
            } else {
                Client client = ready.get(random.nextInt(ready.size()));
                if (someVanish && random.nextInt(20) == 0) {
                    client.vanish();
                } else {
                    client.goOn();
                }
            }
            assertThat(memory.takenBytes()).isLessThan((long) limit + 2L * largest);
        }
        served.forEach(memory::release);
        assertThat(memory.takenBytes()).isZero();
        assertThat(memory.isScarce()).isFalse();
    }
}
