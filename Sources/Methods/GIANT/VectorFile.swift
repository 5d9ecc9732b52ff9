import Datasets
import Experiments
import Foundation
import Tensors

/// Vectors of all nodes as NPY files of half precision (`<f2`, C order), `shardRows` rows each. A file is written whole and then renamed, so that a run that is
/// stopped goes on at the first file that is not there, to the same bytes.
struct VectorFile {
    static let shardRows = 1 << 20
    let folder: URL, width: Int

    init(folder: URL, request: RunRequest, checksum: String, width: Int) {
        let values = request.values.keys.sorted().map { "\($0)=\(request.values[$0].map(\.display) ?? "")" }.joined(separator: ",")
        let name = SHA256.hexadecimal(of: Array("\(checksum) \(request.plan.rawValue) \(request.seed) \(values)".utf8)).prefix(16)
        self.folder = folder.appendingPathComponent("giant-xrt").appendingPathComponent(String(name))
        self.width = width
    }

    /// - Parameter proceed: called with the rows that are done; what it throws ends the work.
    /// - Returns: the folder.
    func write(_ encoder: any TextEncoder<Float>, count: Int, proceed: (Int) throws -> Void) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for first in stride(from: 0, to: count, by: Self.shardRows) {
            let end = min(count, first + Self.shardRows)
            let place = folder.appendingPathComponent("vectors-\(first / Self.shardRows).npy")
            let header = Self.header(rows: end - first, width: width), size = header.count + 2 * (end - first) * width
            // The name holds everything that the numbers depend on, so a whole file is the right one.
            if let attributes = try? FileManager.default.attributesOfItem(atPath: place.path), attributes[.size] as? Int == size { continue }
            var bytes = Data(capacity: size)
            bytes.append(header)
            for start in stride(from: first, to: end, by: 512) {
                try proceed(start)
                try encoder((start..<min(end, start + 512)).map { Int32($0) }, training: nil).withScalars { values in
                    for value in values {
                        let bits = Float16(value).bitPattern
                        bytes.append(UInt8(truncatingIfNeeded: bits))
                        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                    }
                }
            }
            try bytes.write(to: place, options: .atomic)
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
