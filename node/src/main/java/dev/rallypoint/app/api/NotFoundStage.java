package dev.rallypoint.app.api;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Answers the first HTTP request of a connection with 404 and closes it. The head may have 4 KiB
 * and must come within an absolute time; the answer is sent as soon as the head is whole. What
 * comes behind it is thrown away, up to 64 KiB and for 2 s, until the client closes: bytes that are
 * unread at a close make the kernel reset the connection, and the client would lose the answer (RFC
 * 9112, 9.6). Bytes that are no HTTP request get no answer.
 */
final class NotFoundStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  /** The longest head of a request, in bytes. */
  static final int MAX_HEAD = 4 * 1024;

  /** The most bytes behind the head that are thrown away. */
  static final int MAX_BODY = 64 * 1024;

  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final ByteString END = ByteString.fromString("\r\n\r\n");
  private static final int LONGEST_METHOD = 16;
  private static final Pattern REQUEST =
      Pattern.compile("[A-Z]{1,%d} [!-~]+ HTTP/1\\.[01]".formatted(LONGEST_METHOD));
  private static final String BODY = "{\"error\":\"this server has no API\"}";
  private static final String HEAD =
      "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: "
          + BODY.length()
          + "\r\nConnection: close\r\n\r\n";
  private static final ByteString ANSWER = ByteString.fromString(HEAD + BODY);
  private static final ByteString ANSWER_TO_HEAD = ByteString.fromString(HEAD);

  private final Inlet<ByteString> in = Inlet.create("NotFoundStage.in");
  private final Outlet<ByteString> out = Outlet.create("NotFoundStage.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Duration within;
  private final Counters counters;

  /**
   * @param within how long the head of the request may take
   */
  NotFoundStage(Duration within, Counters counters) {
    this.within = within;
    this.counters = counters;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public TimerGraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private ByteString head = ByteString.emptyByteString();
    private boolean isAnswered;
    private int discarded;

    Logic() {
      super(shape);
      setHandler(in, new Input());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              // The answer is emitted as soon as the head is whole.
            }
          });
    }

    @Override
    public void preStart() {
      scheduleOnce(within, within);
      pull(in);
    }

    @Override
    public void onTimer(Object key) {
      if (!isAnswered) {
        counters.dropped(DropReason.CONNECTION_SILENT);
      }
      completeStage();
    }

    private void onHead(ByteString bytes) {
      int seen = Math.max(0, head.size() - END.size());
      head = head.concat(bytes).compact();
      int end = head.indexOfSlice(END, seen);
      if (end > MAX_HEAD || end < 0 && head.size() > MAX_HEAD || !mayBeRequest()) {
        refuse();
      } else if (end < 0) {
        pull(in);
      } else {
        String text = head.take(end).decodeString(StandardCharsets.ISO_8859_1);
        String request = text.lines().findFirst().orElse("");
        if (REQUEST.matcher(request).matches()) {
          answer(request.startsWith("HEAD ") ? ANSWER_TO_HEAD : ANSWER);
          discard(head.size() - end - END.size());
        } else {
          refuse();
        }
      }
    }

    /** Tells TLS and frames from HTTP by the first bytes, so that neither waits for its time. */
    private boolean mayBeRequest() {
      for (int i = 0; i < Math.min(head.size(), LONGEST_METHOD + 1); i++) {
        byte letter = head.apply(i);
        if (letter < 'A' || letter > 'Z') {
          return i > 0 && letter == ' ';
        }
      }
      return head.size() <= LONGEST_METHOD;
    }

    private void answer(ByteString answer) {
      isAnswered = true;
      counters.count(Event.API_REQUESTS);
      cancelTimer(within);
      scheduleOnce(LINGER, LINGER);
      emit(out, answer);
    }

    private void discard(int bytes) {
      discarded += bytes;
      if (discarded > MAX_BODY) {
        completeStage();
      } else {
        pull(in);
      }
    }

    private void refuse() {
      counters.dropped(DropReason.REQUEST_MALFORMED);
      completeStage();
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(in);
        if (isAnswered) {
          discard(bytes.size());
        } else {
          onHead(bytes);
        }
      }

      @Override
      public void onUpstreamFinish() {
        if (!isAnswered) {
          completeStage();
        } else {
          complete(out); // after what is still being emitted
        }
      }
    }
  }
}
