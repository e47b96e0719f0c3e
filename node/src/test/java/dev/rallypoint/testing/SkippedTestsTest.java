package dev.rallypoint.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkippedTestsTest {
  @TempDir Path project;

  private void report(String path, String cases) throws IOException {
    Path file = project.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "<testsuite>" + cases + "</testsuite>");
  }

  @Test
  void areNamedWithTheReasonInAllModules() throws Exception {
    report(
        "node/target/failsafe-reports/TEST-a.LabIT.xml",
        """
        <testcase name="" classname="a.LabIT"><skipped type="org.opentest4j.TestAbortedException">\
        org.opentest4j.TestAbortedException: Assumption failed: nft is not installed
          at a.LabIT.run(LabIT.java:7)</skipped></testcase>\
        """);
    report(
        "loadtest/peer/target/surefire-reports/TEST-a.PeerTest.xml",
        """
        <testcase name="asks" classname="a.PeerTest"><skipped message="no second address"/></testcase>\
        """);
    report(
        "protocol/target/surefire-reports/TEST-a.FrameTest.xml",
        """
        <testcase name="ran" classname="a.FrameTest"/>\
        <testcase name="did" classname="a.FrameTest"><skipped message="not on this system"/></testcase>\
        """);

    assertThat(SkippedTests.in(project))
        .containsExactly(
            "PeerTest.asks: no second address",
            "LabIT: nft is not installed",
            "FrameTest.did: not on this system");
  }

  @Test
  void areNoneWhereAllRan() throws Exception {
    report(
        "node/target/surefire-reports/TEST-a.FrameTest.xml",
        "<testcase name=\"ran\" classname=\"a.FrameTest\"/>");

    assertThat(SkippedTests.in(project)).isEmpty();
  }
}
