package dev.rallypoint.bootstrap;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.actor.Address;
import org.jdbi.v3.core.Jdbi;

/**
 * A node as the table of members in the shared database has it, for a look from outside of the
 * cluster.
 *
 * @param host a name or an ip, without brackets
 * @param port of the cluster's messages
 * @param age how long ago it last updated its row, by the database's clock
 */
public record StoredMember(String host, int port, Duration age) {
  private static final Duration STALE = Duration.ofSeconds(10);
  private static final UUID NOBODY = new UUID(0, 0);

  /** The rows of a cluster, those of nodes that are gone included. */
  public static List<StoredMember> of(Jdbi jdbi, String cluster) {
    return new MemberTable(jdbi, cluster, "", NOBODY, STALE)
        .rows().stream().map(StoredMember::of).toList();
  }

  private static StoredMember of(MemberRow row) {
    Address address = NodeAddress.of(row.address());
    String host = address.host().get().replaceAll("^\\[(.*)]$", "$1");
    return new StoredMember(host, (Integer) address.port().get(), row.age());
  }

  /** Whether it has updated its row lately, as a running node does. */
  public boolean isAlive() {
    return age.compareTo(STALE) < 0;
  }
}
