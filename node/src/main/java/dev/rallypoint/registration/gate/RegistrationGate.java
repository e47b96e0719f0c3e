package dev.rallypoint.registration.gate;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says which devices may register. Safe for all threads. */
public interface RegistrationGate {
  /** All may. */
  RegistrationGate OPEN =
      new RegistrationGate() {
        @Override
        public Optional<Result> refusal(PeerId id) {
          return Optional.empty();
        }

        @Override
        public CompletionStage<Optional<Result>> judgeNew(
            PeerId id, ByteString uuid, PeerAddress from) {
          return CompletableFuture.completedStage(Optional.empty());
        }
      };

  /**
   * Why a device may not register now, or empty. It is answered from memory, and asked for each
   * RegisterPk and each heartbeat that no lease covers.
   */
  Optional<Result> refusal(PeerId id);

  /**
   * Judges a device whose id nobody has yet: why it may not register, or empty. The stage fails
   * when the database does not answer.
   */
  CompletionStage<Optional<Result>> judgeNew(PeerId id, ByteString uuid, PeerAddress from);
}
