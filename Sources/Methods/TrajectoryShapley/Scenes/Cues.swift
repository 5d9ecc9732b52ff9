import Foundation
import Tensors

/// What a predictor is given of some targets: rows of the same form, in which a cue may be missing.
package struct Cues<Scalar: TensorScalar> {
    /// One row: a path of the target, and those of the neighbours that it may see.
    package struct Row {
        package var past: [SIMD2<Double>]
        package var neighbours: [[SIMD2<Double>]]
        package init(past: [SIMD2<Double>], neighbours: [[SIMD2<Double>]]) { (self.past, self.neighbours) = (past, neighbours) }
    }

    /// States of the target, [rows, steps, 6].
    package let own: Tensor<Scalar>
    /// States of the neighbours, [rows, slots, steps, 6]; those of empty slots are zero.
    package let neighbours: Tensor<Scalar>
    /// 1 where a slot holds a neighbour, [rows, slots].
    package let mask: Tensor<Scalar>
    /// The same as numbers.
    package let counts: [Int]
    /// The paths in metres, [rows, slots + 1, steps, 2], the target first.
    package let paths: Tensor<Scalar>

    package var rows: Int { own.shape[0] }
    package var slots: Int { neighbours.shape[1] }
    package var steps: Int { own.shape[1] }

    /// - Parameters:
    ///   - slots: room for neighbours; rows with more lose the last.
    ///   - angles: by how much each row is turned, in radians; nil leaves them.
    package init(_ rows: [Row], slots: Int, steps: Int, states: AgentStates, angles: [Double]? = nil) {
        let width = AgentStates.width, block = steps * width
        var own = [Double](repeating: 0, count: rows.count * block), neighbours = [Double](repeating: 0, count: rows.count * slots * block)
        var mask = [Scalar](repeating: 0, count: rows.count * slots), paths = [Scalar](repeating: 0, count: rows.count * (slots + 1) * steps * 2)
        func keep(_ path: [SIMD2<Double>], at node: Int) {
            for (step, point) in path.enumerated() {
                paths[(node * steps + step) * 2] = Scalar(point.x)
                paths[(node * steps + step) * 2 + 1] = Scalar(point.y)
            }
        }
        var counts: [Int] = []
        for (place, row) in rows.enumerated() {
            let turn = Turn(angles?[place] ?? 0)
            let past = turn(row.past)
            states.write(past, into: &own, at: place * block)
            keep(past, at: place * (slots + 1))
            for (slot, path) in row.neighbours.prefix(slots).enumerated() {
                let path = turn(path)
                states.write(path, into: &neighbours, at: (place * slots + slot) * block)
                keep(path, at: place * (slots + 1) + slot + 1)
                mask[place * slots + slot] = 1
            }
            counts.append(min(slots, row.neighbours.count))
        }
        self.own = Tensor(shape: [rows.count, steps, width], own.map { Scalar($0) })
        self.neighbours = Tensor(shape: [rows.count, slots, steps, width], neighbours.map { Scalar($0) })
        self.mask = Tensor(shape: [rows.count, slots], mask)
        self.paths = Tensor(shape: [rows.count, slots + 1, steps, 2], paths)
        self.counts = counts
    }
}

/// A turn of the plane about the origin.
package struct Turn: Sendable {
    private let cosine: Double, sine: Double
    package init(_ angle: Double) { (cosine, sine) = (angle == 0 ? 1 : cos(angle), angle == 0 ? 0 : sin(angle)) }
    package func callAsFunction(_ path: [SIMD2<Double>]) -> [SIMD2<Double>] {
        sine == 0 && cosine == 1 ? path : path.map { SIMD2(cosine * $0.x - sine * $0.y, sine * $0.x + cosine * $0.y) }
    }
}
