package dev.rallypoint.app.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rallypoint.app.doctor.Diagnosis;
import dev.rallypoint.app.doctor.Finding;
import java.util.LinkedHashMap;
import java.util.Map;

/** A diagnosis as JSON for programs. */
final class DiagnosisJson {
  private DiagnosisJson() {}

  /** One object; its names do not change between versions. */
  static String of(Diagnosis diagnosis) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("subject", diagnosis.subject());
    all.put("outcome", diagnosis.outcome().label());
    all.put("exit_code", diagnosis.exitCode());
    all.put("checks", diagnosis.findings().stream().map(DiagnosisJson::row).toList());
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers are always JSON", e);
    }
  }

  private static Map<String, Object> row(Finding finding) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("check", finding.check().label());
    row.put("outcome", finding.outcome().label());
    row.put("verdict", finding.verdict().label());
    row.put("seen", finding.seen());
    row.put("mend", finding.verdict().mend());
    return row;
  }
}
