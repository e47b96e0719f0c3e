package dev.rallypoint.app.doctor.client;

import com.google.protobuf.ByteString;
import dev.rallypoint.app.doctor.AddressVerdicts;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.PunchVerdicts;
import dev.rallypoint.app.doctor.RegistrationVerdicts;
import dev.rallypoint.app.doctor.client.ThrowAwayDevice.Told;
import dev.rallypoint.app.doctor.client.WebSocketLink.NotUpgradedException;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.time.WallClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * Registers a device and connects to it by each way that leads to the ID server.
 *
 * @param threads where the requester waits while the device does
 */
record PunchProbe(
    ServerName server,
    InetAddress host,
    WallClock clock,
    HttpClient http,
    ExecutorService threads) {

  /**
   * What was found.
   *
   * @param rows of registration, punch and addresses
   * @param relay the relay that the server named, when the device was told of a requester: empty
   *     text where the server leaves it to the clients
   * @param signed what the server signed for the requester
   * @param isAccessRefused whether it said that the key mismatches
   */
  record Found(
      List<Finding> rows,
      Optional<String> relay,
      Optional<ByteString> signed,
      boolean isAccessRefused) {}

  /** Takes 15 s at most. */
  Found find(List<URI> webSockets) {
    List<Finding> rows = new ArrayList<>();
    try (ThrowAwayDevice device = ThrowAwayDevice.of(server, host, clock)) {
      RegistrationVerdicts registered = device.register();
      rows.add(registered.finding());
      if (!device.isRegistered()) {
        rows.add(PunchVerdicts.notTried());
        return new Found(rows, Optional.empty(), Optional.empty(), false);
      }
      return punched(rows, device, webSockets);
    } catch (NoAnswerException e) {
      rows.add(new RegistrationVerdicts("", Optional.empty(), false).finding());
      rows.add(PunchVerdicts.notTried());
      return new Found(rows, Optional.empty(), Optional.empty(), false);
    }
  }

  private Found punched(List<Finding> rows, ThrowAwayDevice device, List<URI> webSockets) {
    try (FrameLink requester = FrameLink.to(new InetSocketAddress(host, server.port()))) {
      requester.send(Questions.punch(device.id(), server.key()));
      CompletableFuture<Optional<RendezvousMessage>> waiting =
          CompletableFuture.supplyAsync(() -> heard(requester), threads);
      // Nobody is told of a requester that was refused: the device need not wait.
      var unused =
          waiting.thenAccept(
              answer -> answer.filter(PunchProbe::isRefusal).ifPresent(_ -> device.close()));
      Optional<Told> told = told(device, waiting);
      Optional<RendezvousMessage> answer = waiting.join();
      PunchVerdicts verdicts =
          new PunchVerdicts(
              isKeyGiven(),
              told.isPresent(),
              answer
                  .filter(RendezvousMessage::hasPunchHoleResponse)
                  .map(RendezvousMessage::getPunchHoleResponse));
      rows.add(verdicts.finding());
      rows.add(address("tcp", requester.local(), told, false));
      if (told.isPresent()) {
        rows.addAll(addresses(device, requester.local(), webSockets));
      }
      return new Found(
          rows,
          told.map(Told::relayServer),
          answer
              .map(message -> message.getPunchHoleResponse().getPk())
              .filter(signed -> !signed.isEmpty()),
          verdicts.isAccessRefused());
    } catch (NoAnswerException e) {
      rows.add(new PunchVerdicts(isKeyGiven(), false, Optional.empty()).finding());
      return new Found(rows, Optional.empty(), Optional.empty(), false);
    }
  }

  /** Lets the device answer, unless the server has refused the requester meanwhile. */
  private static Optional<Told> told(
      ThrowAwayDevice device, CompletableFuture<Optional<RendezvousMessage>> waiting) {
    Optional<Told> told = device.awaitRequester();
    if (told.isPresent() && !waiting.isDone()) {
      try {
        device.answer(told.get());
      } catch (NoAnswerException e) {
        // The requester then hears nothing, which is what is reported.
      }
    }
    return told;
  }

  /** The row for each WebSocket way on which the server has another address than by TCP. */
  private List<Finding> addresses(ThrowAwayDevice device, PeerAddress local, List<URI> ways) {
    List<Finding> rows = new ArrayList<>();
    for (URI way : ways) {
      try (WebSocketLink requester = WebSocketLink.to(http, way)) {
        requester.send(Questions.punch(device.id(), server.key()));
        Optional<Told> told = device.awaitRequester();
        if (told.isPresent()) {
          rows.add(address(way.toString(), local, told, true));
        }
      } catch (NoAnswerException | NotUpgradedException e) {
        // The row of the way itself tells of it.
      }
    }
    return rows;
  }

  private Finding address(String way, PeerAddress local, Optional<Told> told, boolean isProxied) {
    return new AddressVerdicts(way, local, told.map(Told::seen), PeerAddress.of(host, 0), isProxied)
        .finding();
  }

  private boolean isKeyGiven() {
    return !server.key().isEmpty();
  }

  private static boolean isRefusal(RendezvousMessage answer) {
    return answer.hasPunchHoleResponse() && answer.getPunchHoleResponse().getSocketAddr().isEmpty();
  }

  private static Optional<RendezvousMessage> heard(FrameLink requester) {
    try {
      return Optional.of(requester.answer());
    } catch (NoAnswerException e) {
      return Optional.empty();
    }
  }
}
