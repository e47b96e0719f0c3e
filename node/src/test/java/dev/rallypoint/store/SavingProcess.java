package dev.rallypoint.store;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A process that saves without end and prints each id once it is acknowledged; to be killed. */
final class SavingProcess {
  private SavingProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    GroupedPeerStore store = GroupedPeerStore.openSqlite(Path.of(arguments[0]));
    PrintStream out = System.out;
    Semaphore underWay = new Semaphore(200);
    for (int i = 0; ; i++) {
      String id = "peer-" + i;
      underWay.acquire();
      store
          .save(Peers.peer(id), Optional.empty())
          .thenRun(() -> out.println(id))
          .whenComplete((done, failure) -> underWay.release());
    }
  }
}
