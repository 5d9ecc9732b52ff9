import Datasets
import Foundation
import Tensors

/// Vectors of all nodes as NPY files of half precision (`<f2`, C order), `shardRows` rows each. A file grows under another name and is then renamed, so that a
/// run that is stopped goes on at the first file that is not there, to the same bytes.
package struct VectorFile {
    package static let shardRows = 1 << 20
    package let folder: URL
    private let encoder: any TextEncoder<Float>
    private let count: Int, shardRows: Int

    /// - Parameters:
    ///   - checksum: of the graph. With the encoder's values it names the folder, so that what stands there comes from this encoder.
    ///   - count: the number of nodes.
    package init(folder: URL, checksum: String, encoder: any TextEncoder<Float>, count: Int, shardRows: Int = VectorFile.shardRows) {
        var bytes = Array("\(checksum) \(shardRows) \(count) \(encoder.width) ".utf8)
        for value in encoder.parameters.snapshot { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        self.folder = folder.appendingPathComponent("giant-xrt").appendingPathComponent(String(SHA256.hexadecimal(of: bytes).prefix(16)))
        (self.encoder, self.count, self.shardRows) = (encoder, count, shardRows)
    }

    /// - Parameter proceed: called with the rows that are done; what it throws ends the work.
    /// - Returns: the folder.
    package func write(proceed: (Int) throws -> Void) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (number, first) in stride(from: 0, to: count, by: shardRows).enumerated() {
            let end = min(count, first + shardRows), place = folder.appendingPathComponent("vectors-\(number).npy")
            if FileManager.default.fileExists(atPath: place.path) { continue }
            // Of this process alone: two runs of one request may write at once.
            let growing = place.appendingPathExtension("\(ProcessInfo.processInfo.processIdentifier)")
            defer { try? FileManager.default.removeItem(at: growing) }
            try Self.header(rows: end - first, width: encoder.width).write(to: growing)
            let handle = try FileHandle(forWritingTo: growing)
            defer { try? handle.close() }
            try handle.seekToEnd()
            for start in stride(from: first, to: end, by: encoder.blockRows) {
                try proceed(start)
                let rows = (start..<min(end, start + encoder.blockRows)).map { Int32($0) }
                var bytes = Data(capacity: 2 * rows.count * encoder.width)
                try encoder(rows, training: nil).withScalars { values in
                    for value in values {
                        let bits = Float16(value).bitPattern
                        bytes.append(UInt8(truncatingIfNeeded: bits))
                        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                    }
                }
                try handle.write(contentsOf: bytes)
            }
            try handle.close()
            // Another process may have been faster; its bytes are the same.
            if !FileManager.default.fileExists(atPath: place.path) { try FileManager.default.moveItem(at: growing, to: place) }
        }
        try proceed(count)
        return folder.path
    }

    private static func header(rows: Int, width: Int) -> Data {
        var text = "{'descr': '<f2', 'fortran_order': False, 'shape': (\(rows), \(width)), }"
        text += String(repeating: " ", count: (64 - (text.utf8.count + 11) % 64) % 64) + "\n"
        var data = Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(text.utf8.count & 0xFF), UInt8(text.utf8.count >> 8)])
        data.append(contentsOf: text.utf8)
        return data
    }
}
