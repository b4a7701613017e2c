package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class KeyOffsetsTest {

    private static final int ROOM = 12;

    private static ByteBuffer bytes(String key) {
        return ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void holdsTheHighestOffsetOfEachKeyAsLongAsThereIsRoom(
            @ForAll @Size(max = 60) List<@StringLength(max = 2) String> names,
            @ForAll @Size(60) List<@LongRange(max = 1_000) Long> offsets) {
        KeyOffsets keys = new KeyOffsets(ROOM / 3 * 4 * 24);
        for (int round = 0; round < 2; round++) {
            Map<String, Long> model = new HashMap<>();
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                boolean fits = model.containsKey(name) || model.size() < ROOM;
                assertThat(keys.put(bytes(name), offsets.get(i))).isEqualTo(fits);
                if (fits) {
                    model.merge(name, offsets.get(i), Math::max);
                }
            }
            names.forEach(
                    name -> assertThat(keys.latest(bytes(name))).isEqualTo(model.getOrDefault(name, KeyOffsets.NONE)));
            keys.clear();
            names.forEach(name -> assertThat(keys.latest(bytes(name))).isEqualTo(KeyOffsets.NONE));
        }
    }

    @Example
    void leavesTheKeyAsItIs() {
        ByteBuffer key = bytes("xkeyx").position(1).limit(4);
        KeyOffsets keys = new KeyOffsets(24 * 8);
        keys.put(key, 7);
        assertThat(key.remaining()).isEqualTo(3);
        assertThat(keys.latest(bytes("key"))).isEqualTo(7);
    }
}
