package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.SmallDisk;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose data folder has no room for new ids. */
class FullDiskTest {
  private static final String FULL = "the disk is full: make room on the file system of ";

  @TempDir Path folder;

  private static HttpResponse<String> get(TestNode node, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + (node.port() + 5) + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  private static int health(Shell shell, TestNode node) {
    return shell.run(
        "health",
        "--port",
        String.valueOf(node.port()),
        "--set",
        "management-port=" + (node.port() + 5));
  }

  @Test
  void servesKnownPeersAndItsHealthNamesTheDisk() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    try (SmallDisk disk = SmallDisk.at(data, "1m");
        TestNode node = TestNode.start(TestSettings.in(data).management());
        UdpClient client = node.udp()) {
      client.registered("known-peer");
      await().until(() -> health(new Shell(folder), node) == 0);

      disk.fill();
      for (int i = 0; registers(client, "new-peer-" + i); i++) {
        // What is left of the last block takes a few.
      }

      assertThat(client.beat("known-peer")).isFalse();
      assertThat(get(node, "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(node, "/readyz").body()).contains("ready", FULL + data);
      assertThat(get(node, "/metrics").body()).contains("rallypoint_database_writable 0");
      Shell shell = new Shell(folder);
      assertThat(health(shell, node)).isEqualTo(1);
      assertThat(shell.err()).contains("rallypoint: not healthy, " + FULL + data).hasLineCount(1);

      disk.makeRoom();
      await().until(() -> health(new Shell(folder), node) == 0);
      client.registered("after-that");
    }
  }

  private static boolean registers(UdpClient client, String id) {
    return client.register(id, "uuid of " + id, id.hashCode()) == Result.OK;
  }
}
