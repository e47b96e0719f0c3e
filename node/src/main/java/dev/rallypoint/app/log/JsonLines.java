package dev.rallypoint.app.log;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.JsonEscapeUtil;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Logback's JSON, one object on each line, where the fields of an event are members of the object
 * itself, beside {@code timestamp} (milliseconds), {@code level}, {@code threadName}, {@code
 * loggerName} and {@code formattedMessage}.
 */
final class JsonLines extends JsonEncoder {
  JsonLines() {
    setWithSequenceNumber(false);
    setWithNanoseconds(false);
    setWithContext(false);
    setWithMarkers(false);
    setWithMDC(false);
    setWithKVPList(false);
    setWithMessage(false);
    setWithFormattedMessage(true);
    setWithArguments(false);
  }

  @Override
  protected void appendCustomFields(StringBuilder line, ILoggingEvent event) {
    List<KeyValuePair> fields = event.getKeyValuePairs();
    if (fields == null) {
      return;
    }
    for (KeyValuePair field : fields) {
      line.append(VALUE_SEPARATOR);
      if (field.value instanceof Long number) {
        appenderMemberWithLongValue(line, field.key, number);
      } else {
        appenderMember(
            line, field.key, JsonEscapeUtil.jsonEscapeString(String.valueOf(field.value)));
      }
    }
  }
}
