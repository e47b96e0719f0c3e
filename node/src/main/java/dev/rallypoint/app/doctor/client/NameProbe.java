package dev.rallypoint.app.doctor.client;

import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.ClientVerdict;
import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.app.doctor.Finding;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;

/** Resolves the server's name, and tries the ID server's port at each of its addresses. */
final class NameProbe {
  /** More addresses than a name of a server has. */
  private static final int MOST = 8;

  private NameProbe() {}

  /**
   * What was found.
   *
   * @param addresses those where something takes connections; all when nothing does anywhere
   */
  record Found(Finding row, List<InetAddress> addresses) {
    /** The one that all other questions go to. */
    Optional<InetAddress> best() {
      return addresses.stream().findFirst();
    }
  }

  static Found find(ServerName server, ExecutorService threads) {
    List<InetAddress> all;
    try {
      InetAddress[] resolved = InetAddress.getAllByName(server.host());
      List<InetAddress> routed = Arrays.stream(resolved).filter(NameProbe::isRouted).toList();
      List<InetAddress> some = routed.isEmpty() ? List.of(resolved) : routed;
      all = some.subList(0, Math.min(some.size(), MOST));
    } catch (UnknownHostException e) {
      return new Found(
          row(ClientVerdict.NAME_NOT_FOUND, server.host() + " has no address"), List.of());
    }
    List<CompletableFuture<Contact>> asked =
        all.stream()
            .map(address ->
                CompletableFuture.supplyAsync(
                    () -> ListenerProbe.connect(new InetSocketAddress(address, server.port())),
                    threads))
            .toList();
    List<InetAddress> alive = new ArrayList<>();
    List<InetAddress> dead = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      (asked.get(i).join() == Contact.ANSWERED ? alive : dead).add(all.get(i));
    }
    return alive.isEmpty() || dead.isEmpty()
        ? new Found(row(ClientVerdict.NAME_FOUND, server.host() + " is " + words(all)), all)
        : new Found(
            row(
                ClientVerdict.NAME_HAS_DEAD_ADDRESS,
                "nothing at %s, of %s".formatted(words(dead), words(all))),
            alive);
  }

  /** Clients without IPv6 do not try a server's IPv6 address either. */
  private static boolean isRouted(InetAddress address) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(address, 1);
      return !socket.getLocalAddress().isAnyLocalAddress();
    } catch (SocketException | UncheckedIOException e) {
      return false;
    }
  }

  private static Finding row(ClientVerdict verdict, String seen) {
    return new Finding(Check.NAME, verdict, seen);
  }

  private static String words(List<InetAddress> addresses) {
    return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
  }
}
