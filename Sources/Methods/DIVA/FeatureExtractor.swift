import Experiments
import Foundation
import Tensors

/// A fixed network that turns pictures into rows of numbers.
package protocol FeatureExtractor {
    /// Numbers a picture.
    var dimension: Int { get }
    /// How many pictures are taken at once: about 50 ms of work.
    var batch: Int { get }
    /// `pictures.count * dimension` numbers.
    func features(_ pictures: Pictures) throws -> [Float]
}

/// Runs an extractor over rows of a data set, in batches, keeping what it made in the cache.
struct CachedExtraction {
    let cache: FeatureCache
    /// Makes the extractor; called only when a row is not in the cache.
    let makeExtractor: () throws -> any FeatureExtractor
    /// The pictures at rows of the data set.
    let pictures: ([Int]) throws -> Pictures

    /// - Parameters:
    ///   - progress: rows done and rows in all.
    ///   - warn: told once when the cache cannot be written.
    /// - Returns: rows.count x dimension.
    func features(_ rows: [Int], progress: (Int, Int) -> Void, warn: (String) -> Void, proceed: () throws -> Void) throws -> Matrix {
        var known = try cache.load(proceed: proceed)
        let missing = rows.filter { known[$0] == nil }
        if !missing.isEmpty {
            let extractor = try makeExtractor()
            var fresh: [(row: Int, values: [Float])] = []
            var isWritable = true
            func flush() {
                guard isWritable, !fresh.isEmpty else { return }
                do { try cache.store(fresh) } catch {
                    isWritable = false
                    warn("features are not kept in \(cache.folder.path) (\(error.localizedDescription)); they will be computed again next time")
                }
                fresh = []
            }
            // What is done is kept even when the run is stopped here.
            defer { flush() }
            for start in stride(from: 0, to: missing.count, by: extractor.batch) {
                try proceed()
                let part = Array(missing[start..<min(missing.count, start + extractor.batch)])
                let values = try extractor.features(try pictures(part))
                for (place, row) in part.enumerated() {
                    let numbers = Array(values[place * extractor.dimension..<(place + 1) * extractor.dimension])
                    known[row] = numbers
                    fresh.append((row, numbers))
                }
                if fresh.count >= 256 { flush() }
                progress(min(missing.count, start + extractor.batch), missing.count)
            }
        }
        var values: [Double] = []
        values.reserveCapacity(rows.count * cache.dimension)
        for row in rows { values.append(contentsOf: (known[row] ?? []).lazy.map(Double.init)) }
        return Matrix(rows: rows.count, columns: cache.dimension, values: values)
    }
}
