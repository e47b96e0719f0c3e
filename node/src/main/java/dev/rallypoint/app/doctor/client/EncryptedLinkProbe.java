package dev.rallypoint.app.doctor.client;

import com.google.protobuf.ByteString;
import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.ClientVerdict;
import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.ClientKeyExchange;
import dev.rallypoint.protocol.secure.HandshakeException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The key exchange of the ID server's port, and what the server signs in it. */
record EncryptedLinkProbe(ServerName server, InetAddress host) {
  /** Enough to meet both of two servers that take turns behind one name. */
  private static final int CONNECTIONS = 4;

  /** What the server signed on each of some connections; those without an offer are left out. */
  List<ByteString> offers() {
    List<ByteString> offers = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      try (FrameLink link = link()) {
        // With a question behind it there need be no wait for an offer that never comes.
        link.send(Questions.NAT_TEST);
        offered(link.receive()).ifPresent(offers::add);
      } catch (NoAnswerException e) {
        // The row of the port tells of it.
      }
    }
    return offers;
  }

  /** The row. */
  Finding finding() {
    try (FrameLink link = link()) {
      RendezvousMessage first = link.receive();
      if (offered(first).isEmpty()) {
        return row(ClientVerdict.LINK_NOT_OFFERED, "the server speaks first, but offers no key");
      }
      Optional<PublicKey> key = PublicKey.parse(server.key());
      return key.isEmpty()
          ? row(ClientVerdict.LINK_OFFERED, "offered")
          : row(link, key.get(), first.getKeyExchange());
    } catch (NoAnswerException e) {
      return e.contact() == Contact.SILENT
          ? row(ClientVerdict.LINK_NOT_OFFERED, "not offered")
          : row(ClientVerdict.LINK_BROKEN, e.contact().words());
    }
  }

  private static Finding row(FrameLink link, PublicKey key, KeyExchange offer) {
    try {
      secure(link, key, offer);
      link.send(Questions.NAT_TEST);
      return link.answer().hasTestNatResponse()
          ? row(ClientVerdict.LINK_ENCRYPTED, "answers")
          : row(ClientVerdict.LINK_BROKEN, "another answer than the one to the question");
    } catch (HandshakeException e) {
      return row(ClientVerdict.LINK_OFFERED, "offered, not with the given key");
    } catch (NoAnswerException e) {
      return row(ClientVerdict.LINK_BROKEN, "after the key exchange: " + e.contact().words());
    }
  }

  /** Takes an offer and encrypts the link. */
  static void secure(FrameLink link, PublicKey key, KeyExchange offer)
      throws HandshakeException, NoAnswerException {
    ClientKeyExchange exchange = ClientKeyExchange.answer(key, offer, new SecureRandom());
    link.send(exchange.answer());
    link.secure(exchange.channel());
  }

  private static Optional<ByteString> offered(RendezvousMessage message) {
    return message.hasKeyExchange() && message.getKeyExchange().getKeysCount() == 1
        ? Optional.of(message.getKeyExchange().getKeys(0))
        : Optional.empty();
  }

  private FrameLink link() throws NoAnswerException {
    return FrameLink.to(new InetSocketAddress(host, server.port()));
  }

  private static Finding row(ClientVerdict verdict, String seen) {
    return new Finding(Check.ENCRYPTED_LINK, verdict, seen);
  }
}
