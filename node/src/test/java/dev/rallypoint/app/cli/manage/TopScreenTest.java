package dev.rallypoint.app.cli.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TopScreenTest {
  private static TopScreen screen(int punches) throws IOException {
    ObjectMapper json = new ObjectMapper();
    String work = "{\"peers\": 4, \"sessions\": 1, \"bytes_per_second\": 2500000, \"punches\": %d}";
    return new TopScreen(
        json.readTree(
            ("{\"nodes\": [{\"node\": \"a:1\", \"state\": \"up\", \"work\": "
                    + work
                    + "}"
                    + ", {\"node\": \"b:1\", \"state\": \"unreachable\"}], \"missing\": [\"b:1\"]}")
                .formatted(punches)),
        json.readTree("{\"all\": 1, \"sessions\": [{\"uuid\": \"u\", \"a\": \"192.0.2.1:5\"}]}"));
  }

  @Test
  void tellsTheRateOfPunchesFromOneLookToTheNext() throws Exception {
    assertThat(screen(110).lines(screen(100), 4).getFirst())
        .isEqualTo("2 nodes  4 peers  2.5 punches/s  1 relayed session  2.5 MB/s");
  }

  @Test
  void tellsNoRateAtFirstAndAfterANodeWasStartedAgain() throws Exception {
    assertThat(screen(100).lines(screen(100), 0).getFirst()).contains(" - punches/s");
    assertThat(screen(3).lines(screen(100), 2).getFirst()).contains(" - punches/s");
  }

  @Test
  void namesTheNodeThatDoesNotAnswer() throws Exception {
    assertThat(screen(0).lines(screen(0), 0)).contains("no answer from node b:1");
  }
}
