package dev.rallypoint.loadtest.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final String ID = "700000000";
  private static final ByteString RED = ByteString.copyFromUtf8("red");
  private static final ByteString BLUE = ByteString.copyFromUtf8("blue");

  private final History history = new History();

  @Test
  void findsNothingWrongWithOneOwner() {
    acknowledge("first", RED, 10, 20);
    claim("second", BLUE, 12);
    history.told(ID, RED, 30, 40);

    assertThat(history.violations()).isEmpty();
    assertThat(history.acknowledgements()).isEqualTo(1);
  }

  @Test
  void seesAnIdAcknowledgedToTwoDevices() {
    acknowledge("first", RED, 10, 20);
    acknowledge("second", BLUE, 30, 40);

    assertThat(history.violations()).singleElement().asString().contains("first and second");
  }

  @Test
  void seesAKeyThatNobodySent() {
    claim("first", RED, 10);
    history.told(ID, BLUE, 30, 40);

    assertThat(history.violations()).singleElement().asString().contains("nobody had sent");
  }

  @Test
  void seesAKeyThatWasSentOnlyLater() {
    history.told(ID, RED, 1, 5);
    acknowledge("first", RED, 10, 20);

    assertThat(history.violations()).singleElement().asString().contains("nobody had sent");
  }

  @Test
  void seesTheKeyOfTheOtherDevice() {
    claim("second", BLUE, 5);
    acknowledge("first", RED, 10, 20);
    history.told(ID, BLUE, 30, 40);

    assertThat(history.violations()).singleElement().asString().contains("does not own it");
  }

  @Test
  void allowsEitherDeviceAsLongAsNoneWasAcknowledgedBeforeTheQuestion() {
    claim("second", BLUE, 5);
    acknowledge("first", RED, 10, 20);
    history.told(ID, BLUE, 15, 40);

    assertThat(history.violations()).isEmpty();
  }

  @Test
  void seesAnAnswerWithoutAKey() {
    acknowledge("first", RED, 10, 20);
    history.told(ID, ByteString.EMPTY, 30, 40);

    assertThat(history.violations()).singleElement().asString().contains("without the server's");
    assertThat(history.answers()).isEqualTo(1);
  }

  @Test
  void seesAKeyThatItsDeviceHadChanged() {
    acknowledge("first", RED, 10, 20);
    acknowledge("first", BLUE, 30, 40);
    history.told(ID, RED, 50, 60);

    assertThat(history.violations()).singleElement().asString().contains("had changed before");
  }

  @Test
  void allowsTheOldKeyWhileTheChangeIsUnderWay() {
    acknowledge("first", RED, 10, 20);
    acknowledge("first", BLUE, 30, 40);
    history.told(ID, RED, 35, 60);

    assertThat(history.violations()).isEmpty();
  }

  @Test
  void allowsAnOldKeyWhoseUnansweredClaimMayHaveBeenTakenLate() {
    acknowledge("first", RED, 10, 20);
    claim("first", RED, 22);
    acknowledge("first", BLUE, 30, 40);
    history.told(ID, RED, 50, 60);

    assertThat(history.violations()).isEmpty();
  }

  private int claim(String device, ByteString key, long sent) {
    return history.claimed(ID, device, key, sent);
  }

  private void acknowledge(String device, ByteString key, long sent, long heard) {
    history.acknowledged(ID, claim(device, key, sent), heard);
  }
}
