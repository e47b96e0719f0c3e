package dev.rallypoint.app.doctor.client;

import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.app.doctor.WebSocketContact;
import dev.rallypoint.app.doctor.client.WebSocketLink.NotUpgradedException;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.UUID;

/**
 * Asks a WebSocket port, or a path of a proxy, whether the ID server or the relay is behind it.
 *
 * @param key what is sent to the relay as the access key
 */
record WebSocketProbe(HttpClient http, String key) {

  /** Whether the ID server is there: it answers the NAT test. */
  WebSocketContact idServer(URI url) {
    try (WebSocketLink link = WebSocketLink.to(http, url)) {
      link.send(Questions.NAT_TEST);
      return WebSocketContact.of(
          url.toString(), link.answer().hasTestNatResponse() ? Contact.ANSWERED : Contact.SILENT);
    } catch (NoAnswerException e) {
      return WebSocketContact.of(url.toString(), e.contact());
    } catch (NotUpgradedException e) {
      return WebSocketContact.refused(url.toString(), e.status());
    }
  }

  /** Whether the relay is there: it joins two sides, and a message comes through. */
  WebSocketContact relay(URI url) {
    String uuid = UUID.randomUUID().toString();
    try (WebSocketLink device = WebSocketLink.to(http, url);
        WebSocketLink requester = WebSocketLink.to(http, url)) {
      RendezvousMessage said = Questions.heartbeat("through the relay");
      device.send(Questions.relay("", uuid, key));
      requester.send(Questions.relay("doctor", uuid, key));
      device.send(said);
      boolean isThrough = Arrays.equals(requester.receiveBytes(), said.toByteArray());
      return WebSocketContact.of(url.toString(), isThrough ? Contact.ANSWERED : Contact.SILENT);
    } catch (NoAnswerException e) {
      return WebSocketContact.of(url.toString(), e.contact());
    } catch (NotUpgradedException e) {
      return WebSocketContact.refused(url.toString(), e.status());
    }
  }
}
