package dev.rallypoint.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class KeyHistoryTest {
  private static final String ID = "700000000";
  private static final ByteString RED = ByteString.copyFromUtf8("red");
  private static final ByteString BLUE = ByteString.copyFromUtf8("blue");

  private final KeyHistory history = new KeyHistory();

  @Test
  void findsNothingWrongWithOneOwner() {
    acknowledge("first", RED, 10, 20);
    register("second", BLUE, 12);
    history.answered(ID, RED, 30, 40);

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
    register("first", RED, 10);
    history.answered(ID, BLUE, 30, 40);

    assertThat(history.violations()).singleElement().asString().contains("no device had sent");
  }

  @Test
  void seesAKeyThatWasSentOnlyLater() {
    history.answered(ID, RED, 1, 5);
    acknowledge("first", RED, 10, 20);

    assertThat(history.violations()).singleElement().asString().contains("no device had sent");
  }

  @Test
  void seesTheKeyOfTheOtherDevice() {
    register("second", BLUE, 5);
    acknowledge("first", RED, 10, 20);
    history.answered(ID, BLUE, 30, 40);

    assertThat(history.violations()).singleElement().asString().contains("does not own it");
  }

  @Test
  void allowsEitherDeviceWhenNoneWasAcknowledgedBeforeTheRequest() {
    register("second", BLUE, 5);
    acknowledge("first", RED, 10, 20);
    history.answered(ID, BLUE, 15, 40);

    assertThat(history.violations()).isEmpty();
  }

  @Test
  void seesAnAnswerWithoutAKey() {
    acknowledge("first", RED, 10, 20);
    history.answered(ID, ByteString.EMPTY, 30, 40);

    assertThat(history.violations()).singleElement().asString().contains("without a signed key");
    assertThat(history.answers()).isEqualTo(1);
  }

  @Test
  void seesAKeyThatItsDeviceHadChanged() {
    acknowledge("first", RED, 10, 20);
    acknowledge("first", BLUE, 30, 40);
    history.answered(ID, RED, 50, 60);

    assertThat(history.violations()).singleElement().asString().contains("had changed before");
  }

  @Test
  void allowsTheOldKeyDuringTheChange() {
    acknowledge("first", RED, 10, 20);
    acknowledge("first", BLUE, 30, 40);
    history.answered(ID, RED, 35, 60);

    assertThat(history.violations()).isEmpty();
  }

  @Test
  void allowsAnOldKeyWhoseUnansweredRegistrationMayHaveBeenStoredLate() {
    acknowledge("first", RED, 10, 20);
    register("first", RED, 22);
    acknowledge("first", BLUE, 30, 40);
    history.answered(ID, RED, 50, 60);

    assertThat(history.violations()).isEmpty();
  }

  private int register(String device, ByteString key, long sent) {
    return history.registered(ID, device, key, sent);
  }

  private void acknowledge(String device, ByteString key, long sent, long received) {
    history.acknowledged(ID, register(device, key, sent), received);
  }
}
