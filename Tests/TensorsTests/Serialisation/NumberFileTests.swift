import Foundation
import Tensors
import Testing

@Suite struct NumberFileTests {
    var folder: URL { FileManager.default.temporaryDirectory.appendingPathComponent("lathe-numbers-\(ProcessInfo.processInfo.processIdentifier)") }

    @Test func `numbers come back as they were written, in pieces of any length`() throws {
        let writer = try NumberFileWriter<Int32>(in: folder)
        var expected: [Int32] = []
        for length in [0, 1, 70_000, 3, 65_536] {
            let piece = (0..<length).map { Int32($0 &* 7 &+ length) }
            try writer.append(piece)
            expected += piece
        }
        let file = try writer.finish()
        #expect(file.count == expected.count)
        #expect(file.copy(0..<file.count) == expected && file.copy(5..<5).isEmpty)
        #expect(file.withSpan { span in span.indices.allSatisfy { span[$0] == expected[$0] } })
        // Nothing is left behind, not even while it is open.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        let empty = try NumberFileWriter<Float>(in: folder).finish()
        #expect(empty.count == 0 && empty.withSpan { $0.count } == 0)
    }

    @Test func `a folder that cannot be made and a full disk give one sentence`() throws {
        let error = #expect(throws: NumberFileError.self) { _ = try NumberFileWriter<Float>(in: URL(fileURLWithPath: "/proc/nowhere")) }
        #expect(error?.description.contains("/proc/nowhere") == true)
    }
}
