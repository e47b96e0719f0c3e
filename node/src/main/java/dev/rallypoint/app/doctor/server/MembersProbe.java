package dev.rallypoint.app.doctor.server;

import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.ServerVerdict;
import dev.rallypoint.bootstrap.StoredMember;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.store.DatabaseCheckup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jdbi.v3.core.JdbiException;

/** Connects to each node that the database has, as this machine's node would. */
record MembersProbe(ClusterSettings cluster, PostgresSettings database, ExecutorService threads) {
  private static final int PATIENCE_MILLIS = 3_000;

  /** More nodes than a cluster has. */
  private static final int MOST = 64;

  /** A row for each node. */
  List<Finding> find() {
    List<StoredMember> members;
    try {
      members = StoredMember.of(DatabaseCheckup.connections(database), cluster.name());
    } catch (JdbiException notMadeYet) {
      members = List.of();
    }
    if (members.isEmpty()) {
      return List.of(row(ServerVerdict.MEMBERS_NONE, "no node is in the database"));
    }
    List<CompletableFuture<Finding>> asked =
        members.stream()
            .limit(MOST)
            .map(member -> CompletableFuture.supplyAsync(() -> of(member), threads))
            .toList();
    return asked.stream().map(CompletableFuture::join).toList();
  }

  private Finding of(StoredMember member) {
    String node = member.host() + ":" + member.port();
    if (!member.isAlive()) {
      return row(
          ServerVerdict.MEMBER_SILENT,
          node + ": last heard " + member.age().toSeconds() + " s ago, by the database's clock");
    }
    int backhaul = cluster.backhaulPort() == 0 ? member.port() + 1 : cluster.backhaulPort();
    List<String> unreached = new ArrayList<>();
    for (int port : List.of(member.port(), backhaul)) {
      if (!isReached(member.host(), port)) {
        unreached.add(String.valueOf(port));
      }
    }
    return unreached.isEmpty()
        ? row(ServerVerdict.MEMBERS_REACHED, node + " and its backhaul port " + backhaul)
        : row(
            ServerVerdict.MEMBER_UNREACHED,
            member.host() + ": no connection to " + String.join(" and ", unreached));
  }

  private static boolean isReached(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Finding row(ServerVerdict verdict, String seen) {
    return new Finding(Check.MEMBERS, verdict, seen);
  }
}
