import Experiments
import Testing
import VisualGeneralisation

/// Rows of the standard plan from given results: what they read and which way they fall.
@Suite struct AcceptanceTests {
    /// - Parameter test: R² on the test part of every model; clamp is at 0.813.
    private func study(test: Double) -> StudySummary {
        let method = VisualGeneralisationMethod()
        let all = ["MLP", "CNN", "CoordConv", "coordinate set", "Rot-EQ", "Rot-EQ-big", "STN", "ResNet-50 kind", "ResNet-101 kind", "DenseNet kind", "ViT", "β-VAE", "Ada-GVAE", "SlowVAE", "PCL", "EffNet-Lite0, frozen", "EffNet-Lite1, frozen", "EffNet-Lite2, frozen"]
        let runs = method.runs(for: .standard, dataset: nil).enumerated().map { number, request -> StudySummary.Run in
            let isWide = request.values["models"] == .text("all"), isFar = request.condition == "extrapolation"
            let arms = isWide ? all : request.dataset == "sprites" && isFar ? ["MLP", "CNN", "ResNet-50 kind"] : ["CNN"]
            func result(_ name: String, _ arm: String, _ value: Double) -> RunEvent.Result { .init(name: name, arm: arm, value: value, better: .higher) }
            var results = arms.flatMap { arm in
                [result("R² train", arm, 0.92), result("R² iid", arm, 0.9), result("R² test", arm, isFar ? test : 0.88), result("R²_id", arm, 0.7), result("R²_ood", arm, 0.1), result("ratio", arm, 0.5)]
            }
            results.append(result("R² test", "clamp", 0.813))
            if isWide { results += [result("MIG", "β-VAE", 0.1), result("DCI-D", "β-VAE", 0.2), result("MIG", "PCL", 0.3), result("DCI-D", "PCL", 0.4)] }
            return .init(identifier: "r\(number)", request: request, state: .finished, results: results)
        }
        return StudySummary(identifier: "s", method: "visual-generalisation", plan: .standard, runs: runs)
    }

    @Test func `every row of the sheet is there and passes where models fall as they should`() {
        let rows = VisualGeneralisationMethod().acceptance(for: study(test: 0.4))
        #expect(rows.count == 13 + 4 + 1 + 3 + 2, "\(rows.map(\.name))")
        let unmeasured = rows.filter { $0.measured == nil && $0.target != "reported" }
        #expect(unmeasured.isEmpty, "\(unmeasured)")
        let failed = rows.filter { !$0.passed }
        #expect(failed.isEmpty, "\(failed)")
        #expect(rows.first { $0.name.contains("supervised kinds") }?.measured == 11)
    }

    @Test func `models that stay where they were fail the rows that say they fall`() {
        let rows = VisualGeneralisationMethod().acceptance(for: study(test: 0.85)), failed = rows.filter { !$0.passed }
        #expect(failed.count { $0.name.contains("less test") || $0.name.contains("less clamp") } == 6)
        #expect(failed.contains { $0.name.contains("supervised kinds") && $0.measured == 0 } && failed.contains { $0.name.contains("that less R² extrapolation") })
    }

    @Test func `a study of one data set has the rows of that data set alone`() {
        var part = study(test: 0.4)
        part.runs.removeAll { $0.request.dataset != "rooms" }
        let rows = VisualGeneralisationMethod().acceptance(for: part)
        #expect(rows.count == 4 && rows.allSatisfy { $0.name.hasPrefix("rooms") && $0.passed })
    }
}
