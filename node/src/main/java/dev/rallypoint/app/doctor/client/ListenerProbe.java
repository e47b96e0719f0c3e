package dev.rallypoint.app.doctor.client;

import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.NatVerdicts;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Asks the ports of the ID server by the questions that are answered at once.
 *
 * @param host the address of the server
 */
record ListenerProbe(ServerName server, InetAddress host) {

  /** What the two TCP ports and the NAT in front of this machine said. */
  record Ports(Contact idServer, Contact natTest, NatVerdicts nat) {}

  private record Answer(Contact contact, int local, int seen) {}

  /** Whether UDP is answered: to a heartbeat by every server, to a NAT test by some. */
  Contact udp(String id) {
    try (UdpLink link = UdpLink.to(new InetSocketAddress(host, server.port()))) {
      link.ask(
          List.of(Questions.heartbeat(id), Questions.NAT_TEST),
          message -> message.hasRegisterPeerResponse() || message.hasTestNatResponse());
      return Contact.ANSWERED;
    } catch (NoAnswerException e) {
      return e.contact();
    }
  }

  /** Both TCP ports, one after the other from one local port, as clients test their NAT. */
  Ports tcp() {
    Answer first = natTest(server.port(), 0);
    Answer second = natTest(server.natTestPort(), first.local);
    if (second.contact == Contact.DROPPED && first.local != 0) {
      second = natTest(server.natTestPort(), 0); // the local port may have been taken meanwhile
    }
    boolean isOnePort = second.local == first.local;
    return new Ports(
        first.contact,
        second.contact,
        new NatVerdicts(first.local, first.seen, isOnePort ? second.seen : 0));
  }

  private Answer natTest(int port, int from) {
    int local = 0;
    try (FrameLink link = FrameLink.to(new InetSocketAddress(host, port), from)) {
      local = link.local().port();
      link.send(Questions.NAT_TEST);
      RendezvousMessage answer = link.answer();
      return answer.hasTestNatResponse()
          ? new Answer(Contact.ANSWERED, local, answer.getTestNatResponse().getPort())
          : new Answer(Contact.FOREIGN, local, 0);
    } catch (NoAnswerException e) {
      return new Answer(e.contact(), local, 0);
    }
  }

  /** The name's addresses, each with whether it takes connections. */
  static Contact connect(InetSocketAddress address) {
    try {
      FrameLink.to(address).close();
      return Contact.ANSWERED;
    } catch (NoAnswerException e) {
      return e.contact();
    }
  }

  /** The row of the encrypted link. */
  Finding encryptedLink() {
    return new EncryptedLinkProbe(server, host).finding();
  }
}
