package dev.rallypoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.testing.TestPostgres;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The shared database: its id, its transactions, and starting nodes at the same time. */
class SharedDatabaseTest {

  private static SharedDatabase open(String url) {
    return SharedDatabase.open(TestPostgres.settings(url));
  }

  private static List<String> migrations(SharedDatabase database) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("select version from rallypoint_schema_history where success")
                .mapTo(String.class)
                .list());
  }

  @Test
  void makesItsTables() {
    try (SharedDatabase database = open(TestPostgres.database())) {
      assertThat(migrations(database)).contains("1");
    }
  }

  @Test
  void isOpenedByTenNodesAtOnce() throws Exception {
    String url = TestPostgres.database();
    try (ExecutorService nodes = Executors.newFixedThreadPool(10)) {
      List<CompletableFuture<SharedDatabase>> opened =
          IntStream.range(0, 10)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> open(url), nodes))
              .toList();
      CompletableFuture.allOf(opened.toArray(CompletableFuture<?>[]::new))
          .get(60, TimeUnit.SECONDS);

      assertThat(migrations(opened.getFirst().join())).containsOnlyOnce("1");
      opened.forEach(database -> database.join().close());
    }
  }
}
