import Experiments
import Foundation
import Testing

@Suite struct FeatureCacheTests {
    private func withCache(_ body: (FeatureCache) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-cache-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(FeatureCache(folder: folder, identity: "network|data", dimension: 3))
    }

    private func files(_ cache: FeatureCache) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: cache.folder, includingPropertiesForKeys: nil)
    }

    @Test func `what was stored is loaded, bit for bit`() throws {
        try withCache { cache in
            try cache.store([(7, [1, -0.1, .pi]), (2, [0, 1e-30, -5])])
            try cache.store([(9, [4, 5, 6])])
            #expect(try cache.load() == [7: [1, -0.1, .pi], 2: [0, 1e-30, -5], 9: [4, 5, 6]])
        }
    }

    @Test func `a file with any byte changed, or cut anywhere, is not trusted`() throws {
        try withCache { cache in
            try cache.store([(7, [1, 2, 3])])
            let file = try #require(try files(cache).first)
            let whole = [UInt8](try Data(contentsOf: file))
            for place in whole.indices {
                var broken = whole
                broken[place] ^= 0x40
                try Data(broken).write(to: file)
                #expect(try cache.load().isEmpty, "byte \(place)")
                try Data(whole[..<place]).write(to: file)
                #expect(try cache.load().isEmpty, "cut at \(place)")
            }
            try Data(whole).write(to: file)
            #expect(try cache.load().count == 1)
        }
    }

    @Test func `another identity or dimension sees nothing`() throws {
        try withCache { cache in
            try cache.store([(7, [1, 2, 3])])
            let base = cache.folder.deletingLastPathComponent().deletingLastPathComponent()
            #expect(try FeatureCache(folder: base, identity: "network|other data", dimension: 3).load().isEmpty)
            #expect(try FeatureCache(folder: base, identity: "network|data", dimension: 4).load().isEmpty)
            #expect(try FeatureCache(folder: base, identity: "network|data", dimension: 3).load().count == 1)
        }
    }
}
