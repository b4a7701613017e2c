package io.brokkr.plugin.groups;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Counts how many members support each protocol, and holds the vote on which one a generation uses. */
final class ProtocolVotes {

    private final Map<String, Integer> supporters = new HashMap<>();

    void add(List<Protocol> protocols) {
        names(protocols).forEach(name -> supporters.merge(name, 1, Integer::sum));
    }

    void remove(List<Protocol> protocols) {
        names(protocols)
                .forEach(name -> supporters.computeIfPresent(name, (same, count) -> count == 1 ? null : count - 1));
    }

    /** A member that names a protocol twice supports it once. */
    private static Stream<String> names(List<Protocol> protocols) {
        return protocols.stream().map(Protocol::name).distinct();
    }

    /** Whether all of so many members support a protocol. */
    boolean isSupportedBy(int memberCount, String protocol) {
        return supporters.getOrDefault(protocol, 0) == memberCount;
    }

    /**
     * The protocol that most members prefer among those that all support; of several with as many votes, the one that was voted for first.
     *
     * @param members one or more
     * @throws IllegalStateException if there is none that all support, which no member is let in to bring about
     */
    String elect(Collection<Member> members) {
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (Member member : members) {
            member.protocols().stream()
                    .map(Protocol::name)
                    .filter(name -> isSupportedBy(members.size(), name))
                    .findFirst()
                    .ifPresent(name -> votes.merge(name, 1, Integer::sum));
        }
        String winner = null;
        int most = 0;
        for (Map.Entry<String, Integer> vote : votes.entrySet()) {
            if (vote.getValue() > most) {
                most = vote.getValue();
                winner = vote.getKey();
            }
        }
        if (winner == null) {
            throw new IllegalStateException("no protocol is supported by all " + members.size() + " members");
        }
        return winner;
    }
}
