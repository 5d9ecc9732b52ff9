import Datasets
import Foundation
import Language
import Tensors

extension Benchmark {
    /// Sentences through MiniLM-L6 to mean-pooled vectors, a batch of 64 with 32 tokens each, nothing padded: the published weights where they are, else random
    /// ones of that shape (equally fast). `bench/sentence_encoder.py` does the same in PyTorch and compares the first vector too.
    static let encode = Benchmark(name: "encode") { options in
        let library = DatasetLibrary(environment: ProcessInfo.processInfo.environment), name = "all-minilm-l6-v2"
        let encoder: BERTEncoder<Float>
        if library.entry(name).map({ $0.state != .missing }) ?? false {
            encoder = try PretrainedEncoder(library.weights(name)).loadedEncoder()
        } else {
            Talk.say("without \(name): random weights of its shape")
            var random = RandomSource(seed: 0)
            encoder = BERTEncoder(EncoderConfiguration(words: 30_522, positions: 512, width: 384, layers: 6, heads: 12, inner: 1536), from: &random)
        }
        let (sentences, tokens) = (64, 32)
        let batch = TokenBatch((0..<sentences).map { row in (0..<tokens).map { Int32(1000 + (row * tokens + $0) * 7919 % 20_000) } }, padding: 0)
        var first = try encoder.vectors(batch, .mean)
        for _ in 0..<3 { first = try encoder.vectors(batch, .mean) }
        var times: [Double] = []
        let end = ContinuousClock.now + .seconds(options.seconds)
        while ContinuousClock.now < end || times.count < 5 { times.append(try Measurement.time { _ = try encoder.vectors(batch, .mean) }) }
        let measurement = Measurement(milliseconds: times)
        return Measurement(milliseconds: times, others: [("sentences_per_second", 1000 * Double(sentences) / measurement.median), ("first_number", Double(first[0, 0]))])
    }
}
