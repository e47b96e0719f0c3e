package dev.rallypoint.app.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rallypoint.testing.TestSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientConfigTest {
  private static final String KEY = "5Qbwsde3unUcJBtrx9ZkvUmwFNoExHzpryHuPUdqlWM=";
  private static final String SLASHED = "5Qbwsde3unUcJBtrx9Zkv/mwFNoExHzpryHuPUdqlWM=";

  /** As a client takes it apart: backwards, base64url, JSON. */
  private static JsonNode read(String text) throws Exception {
    String base64 = new StringBuilder(text).reverse().toString();
    byte[] json = Base64.getUrlDecoder().decode(base64);
    return new ObjectMapper().readTree(new String(json, StandardCharsets.UTF_8));
  }

  /** The name of a program for Windows that another tool made for today's clients. */
  @Test
  void isTheTextThatTheNameOfAPresetClientHolds() {
    assertThat(new ClientConfig("1.1.1.1", "", KEY).text())
        .isEqualTo(
            "0nI900VsFHZVBVdIlncwpHS4V0bOZ0dtVldrpVO4JHdCp0YV5WdzUGZzdnYRVjI6ISeltmIsISMuEjLx4SMiojI0N3"
                + "boJye");
  }

  @Test
  void saysHostRelayAndKey() throws Exception {
    JsonNode read = read(new ClientConfig("a.example:30000", "a.example:40000", SLASHED).text());
    assertThat(read.get("host").textValue()).isEqualTo("a.example:30000");
    assertThat(read.get("relay").textValue()).isEqualTo("a.example:40000");
    assertThat(read.get("key").textValue()).isEqualTo(SLASHED);
  }

  /** Clients split a file's name at "--". */
  @ParameterizedTest
  @CsvSource({"~~~~~~", "????????", "ÿþÿþÿþ", ">>>>>>>>>"})
  void neverHasTwoDashesInARow(String key) throws Exception {
    ClientConfig config = new ClientConfig("a.example", "", key);
    assertThat(config.text()).doesNotContain("--").matches("[A-Za-z0-9_-]+");
    assertThat(read(config.text()).get("key").textValue()).isEqualTo(key);
  }

  @Test
  void isAQrCodeThatTheCameraOfAClientTakes() {
    ClientConfig config = new ClientConfig("a.example", "", KEY);
    assertThat(config.qrText()).isEqualTo("config=" + config.text());
  }

  @Test
  void isAReadableFileNameWithACommaBeforeItsEnd() {
    assertThat(new ClientConfig("a.example", "", KEY).fileName())
        .isEqualTo("rustdesk-host=a.example,key=" + KEY + ",.exe");
    assertThat(new ClientConfig("a.example", "b.example", KEY).fileName())
        .isEqualTo("rustdesk-host=a.example,key=" + KEY + ",relay=b.example,.exe");
  }

  @ParameterizedTest
  @CsvSource({"a.example, " + SLASHED, "a.example:30000, " + KEY})
  void isAFileNameWithTheTextWhereWindowsWouldNotTakeTheOther(String host, String key) {
    ClientConfig config = new ClientConfig(host, "", key);
    assertThat(config.fileName()).isEqualTo("rustdesk-licensed-" + config.text() + ".exe");
  }

  @Test
  void leavesOutWhatClientsFindByThemselves() {
    var settings = TestSettings.in(Path.of("data")).on(21_116);
    assertThat(ClientConfig.of(settings, "a.example", KEY))
        .isEqualTo(new ClientConfig("a.example", "", KEY));
    assertThat(
            ClientConfig.of(TestSettings.in(Path.of("data")).on(30_000), "a.example", KEY).host())
        .isEqualTo("a.example:30000");
  }
}
