import Tensors

/// What the teacher hands over (section 2.4): Ē, taken without dropout and standardised.
///
/// The official code collects Ē with dropout active; here it is off.
package struct TeacherEmbeddings {
    package enum Choice: String, Sendable, CaseIterable {
        /// The logits Z^{L-1}.
        case final
        /// [Z^0 ‖ … ‖ Z^{L-1}], before ReLU (code).
        case concat
        /// [Z^{L-1} ‖ V^0 ‖ … ‖ V^{L-1}] (paper).
        case paperConcat = "paper-concat"
    }

    /// Rows of `width`, one a node: the column mean over connected nodes taken off, divided by one deviation.
    package let values: [Float]
    package let width: Int
    /// What was taken off and divided by: x = values * deviation + means.
    package let means: [Float], deviation: Float
    /// The columns that are the logits; nil where the logits are no part of it.
    package let logitColumns: Range<Int>?

    package init(_ choice: Choice, of pass: StructuralGraphNetwork<Float>.Pass, connected: [Int]) throws {
        let (tensors, logits): ([Tensor<Float>], Int?) = switch choice {
        case .final: ([pass.logits], 0)
        case .concat: (pass.outputs, pass.outputs.count - 1)
        case .paperConcat: ([pass.outputs.last ?? pass.logits] + pass.inputs, 0)
        }
        let whole = try Tensor.concatenated(tensors, axis: 1)
        let raw = whole.withScalars { Array($0) }
        let columns = whole.shape[1], n = Double(max(1, connected.count))
        var sums = [Double](repeating: 0, count: columns)
        for node in connected { for c in 0..<columns { sums[c] += Double(raw[node * columns + c]) } }
        let centre = sums.map { $0 / n }
        var squares = 0.0
        for node in connected {
            for c in 0..<columns {
                let distance = Double(raw[node * columns + c]) - centre[c]
                squares += distance * distance
            }
        }
        // An embedding that is the same everywhere stays zero.
        let spread = squares > 0 ? (squares / (n * Double(columns))).squareRoot() : 1
        values = raw.indices.map { Float((Double(raw[$0]) - centre[$0 % columns]) / spread) }
        width = columns
        means = centre.map { Float($0) }
        deviation = Float(spread)
        // Behind a residual kind the last convolution's output is hidden; the logits come after it.
        let classes = pass.logits.shape[1]
        logitColumns = logits.flatMap { place in
            let start = tensors[..<place].reduce(0) { $0 + $1.shape[1] }
            return tensors[place].shape[1] == classes && (choice == .final || pass.outputs.last?.shape == pass.logits.shape) ? start..<start + classes : nil
        }
    }
}
