import Datasets
import Tensors

/// Balanced bisecting spherical k-means (section 2.4): every tree node halves its labels along the line between two centres, again and
/// again, so that all leaves are of one size up to one.
package struct BisectingClusters: Sendable {
    /// The share of a node's labels that are looked at to find the direction.
    package enum Sampling: Sendable, Equatable {
        case all
        /// 0.1 for the first 40 % of the levels, then linearly up to 1 (official code); every label is then put left or right by the last
        /// direction.
        case upperLevels
    }

    package var iterations = 20
    package var sampling = Sampling.all
    /// The two labels whose difference is the first direction, by the number of the tree node (1 is the root, node i has the children
    /// 2 i and 2 i + 1) and its size: places (right, left) in its list.
    package var start: @Sendable (_ node: Int, _ size: Int) -> (right: Int, left: Int)
    private let random: RandomSource

    package init(random: RandomSource) {
        self.random = random
        start = { node, size in
            var random = random.stream("start", node)
            let right = random.integer(below: size)
            return (right, size < 2 ? right : (right + 1 + random.integer(below: size - 1)) % size)
        }
    }

    /// The same of rows in memory.
    package func leafCodes(_ rows: SparseFeatures, depth: Int) throws -> [Int32] { try leafCodes(FeatureRows(rows), depth: depth) }

    /// The leaf of each row, 0 ..< 2^depth, from left to right.
    /// - Parameters:
    ///   - rows: one a label, of norm 1 or zero.
    ///   - proceed: called with the level every few thousand rows; what it throws ends the work.
    package func leafCodes(_ rows: FeatureRows, depth: Int, proceed: (Int) throws -> Void = { _ in }) throws -> [Int32] {
        let count = rows.count
        var elements = (0..<count).map { Int32($0) }
        var bounds = [0, count]
        var work = Workspace(width: rows.width, count: count)
        for level in 0..<depth {
            var next = [0]
            let rate = self.rate(level, depth)
            for part in 0..<bounds.count - 1 {
                let (start, end) = (bounds[part], bounds[part + 1])
                try rows.withSpans { starts, indices, values in
                    try split(starts, indices, values, &elements, start, end, node: 1 << level + part, rate: rate, &work) { try proceed(level) }
                }
                next += [start + (end - start) / 2, end]
            }
            bounds = next
        }
        var codes = [Int32](repeating: 0, count: count)
        for leaf in 0..<bounds.count - 1 { for place in bounds[leaf]..<bounds[leaf + 1] { codes[Int(elements[place])] = Int32(leaf) } }
        return codes
    }

    /// Leaves of the same sizes with labels drawn at random: the ablation.
    package static func randomCodes(count: Int, depth: Int, random: RandomSource) -> [Int32] {
        var random = random
        let order = random.permutation(count)
        var bounds = [0, count]
        for _ in 0..<depth { bounds = [0] + zip(bounds, bounds.dropFirst()).flatMap { [$0 + ($1 - $0) / 2, $1] } }
        var codes = [Int32](repeating: 0, count: count)
        for leaf in 0..<bounds.count - 1 { for place in bounds[leaf]..<bounds[leaf + 1] { codes[order[place]] = Int32(leaf) } }
        return codes
    }

    private func rate(_ level: Int, _ depth: Int) -> Double {
        guard sampling == .upperLevels else { return 1 }
        let first = Int(0.4 * Double(depth))
        return level < first ? 0.1 : 0.1 + 0.9 * Double(level - first + 1) / Double(depth - first)
    }

    /// Arrays that every tree node uses again.
    private struct Workspace {
        /// For each column the sums of the left and of the right half, side by side, in units of 2^-30: whole numbers, so that rows that change sides are taken away and
        /// added exactly and a sum of nothing is zero again.
        var sums: [Int64]
        var direction: [Float]
        var marks: [Int32]
        var pass: Int32 = 0
        var reached: [Int32] = []
        var scores: [Float], selection: [Float], isRight: [Bool], places: [Int32]
        /// Places that the last assignment put on the other side.
        var moved: [Int32] = []
        init(width: Int, count: Int) {
            sums = [Int64](repeating: 0, count: 2 * width)
            direction = [Float](repeating: 0, count: width)
            marks = [Int32](repeating: 0, count: width)
            scores = [Float](repeating: 0, count: count)
            selection = scores
            isRight = [Bool](repeating: false, count: count)
            places = [Int32](repeating: 0, count: count)
        }
    }

    /// Work between two questions whether to go on, in labels.
    private static let stride = 4096

    /// Puts the lower half of elements[start..<end] (rising ids) left and the rest right, each in rising order.
    private func split(_ starts: Span<Int>, _ indices: Span<Int32>, _ values: Span<Float>, _ elements: inout [Int32], _ start: Int, _ end: Int, node: Int, rate: Double, _ work: inout Workspace,
                       _ proceed: () throws -> Void) throws {
        let size = end - start
        guard size >= 2 else { return }
        let chosen = sample(size, rate, node)
        let first = self.start(node, chosen.count)
        func label(_ place: Int) -> Int { Int(elements[start + Int(chosen[min(place, chosen.count - 1)])]) }
        setDirection(starts, indices, values, right: label(first.right), left: label(first.left), &work)
        try assign(starts, indices, values, elements, start, chosen, &work, proceed)
        clearDirection(&work)
        try addUp(starts, indices, values, elements, start, chosen, &work, proceed)
        for _ in 1..<max(1, iterations) {
            setDirection(&work)
            try assign(starts, indices, values, elements, start, chosen, &work, proceed)
            if work.moved.isEmpty { break }
            for place in work.moved { add(starts, indices, values, Int(elements[start + Int(place)]), isRight: work.isRight[Int(place)], hasMoved: true, &work) }
        }
        if chosen.count < size {
            setDirection(&work)
            try assign(starts, indices, values, elements, start, (0..<Int32(size)).map(\.self), &work, proceed)
        }
        clearDirection(&work)
        var left = start, right = start + size / 2
        for place in 0..<size { work.places[place] = elements[start + place] }
        for place in 0..<size {
            if work.isRight[place] {
                elements[right] = work.places[place]
                right += 1
            } else {
                elements[left] = work.places[place]
                left += 1
            }
        }
    }

    private func sample(_ size: Int, _ rate: Double, _ node: Int) -> [Int32] {
        let wanted = max(min(size, 256), Int(rate * Double(size)))
        guard wanted < size else { return (0..<Int32(size)).map(\.self) }
        // Selection sampling (Knuth's algorithm S): rising places in one pass.
        var random = random.stream("sample", node), chosen: [Int32] = []
        chosen.reserveCapacity(wanted)
        for place in 0..<size where Double(size - place) * random.uniform() < Double(wanted - chosen.count) { chosen.append(Int32(place)) }
        return chosen
    }

    /// The direction z_right - z_left.
    private func setDirection(_ starts: Span<Int>, _ indices: Span<Int32>, _ values: Span<Float>, right: Int, left: Int, _ work: inout Workspace) {
        work.pass &+= 1
        work.reached.removeAll(keepingCapacity: true)
        for (label, sign) in [(right, Float(1)), (left, Float(-1))] {
            for entry in starts[label]..<starts[label + 1] {
                let column = Int(indices[entry])
                if work.marks[column] != work.pass {
                    work.marks[column] = work.pass
                    work.reached.append(indices[entry])
                }
                work.direction[column] += sign * values[entry]
            }
        }
    }

    /// The sums of both halves.
    private func addUp(_ starts: Span<Int>, _ indices: Span<Int32>, _ values: Span<Float>, _ elements: [Int32], _ start: Int, _ chosen: [Int32], _ work: inout Workspace, _ proceed: () throws -> Void) throws {
        work.pass &+= 1
        work.reached.removeAll(keepingCapacity: true)
        let pass = work.pass
        for (number, place) in chosen.enumerated() {
            if number % Self.stride == 0 { try proceed() }
            let label = Int(elements[start + Int(place)])
            for entry in starts[label]..<starts[label + 1] {
                let column = Int(indices[entry])
                if work.marks[column] != pass {
                    work.marks[column] = pass
                    work.reached.append(indices[entry])
                    work.sums[2 * column] = 0
                    work.sums[2 * column + 1] = 0
                }
            }
            add(starts, indices, values, label, isRight: work.isRight[Int(place)], hasMoved: false, &work)
        }
    }

    /// Adds a row to the sum of its half, and takes it out of the other where it came from there.
    private func add(_ starts: Span<Int>, _ indices: Span<Int32>, _ values: Span<Float>, _ label: Int, isRight: Bool, hasMoved: Bool, _ work: inout Workspace) {
        let side = isRight ? 1 : 0
        for entry in starts[label]..<starts[label + 1] {
            let place = 2 * Int(indices[entry]), value = Int64((values[entry] * Self.unit).rounded())
            work.sums[place + side] &+= value
            if hasMoved { work.sums[place + 1 - side] &-= value }
        }
    }

    private static let unit = Float(1 << 30)

    /// The direction unit(sum of the right half) - unit(sum of the left half).
    private func setDirection(_ work: inout Workspace) {
        var (leftSquares, rightSquares) = (0.0, 0.0)
        for column in work.reached {
            let (left, right) = (Double(work.sums[2 * Int(column)]), Double(work.sums[2 * Int(column) + 1]))
            leftSquares += left * left
            rightSquares += right * right
        }
        // A zero sum stays zero.
        let (leftFactor, rightFactor) = (leftSquares > 0 ? 1 / leftSquares.squareRoot() : 0, rightSquares > 0 ? 1 / rightSquares.squareRoot() : 0)
        for column in work.reached {
            work.direction[Int(column)] = Float(Double(work.sums[2 * Int(column) + 1]) * rightFactor - Double(work.sums[2 * Int(column)]) * leftFactor)
        }
    }

    private func clearDirection(_ work: inout Workspace) {
        for column in work.reached { work.direction[Int(column)] = 0 }
    }

    /// Scores by the direction; the half with the lower (score, id) is left. Leaves in `moved` which labels changed their side.
    private func assign(_ starts: Span<Int>, _ indices: Span<Int32>, _ values: Span<Float>, _ elements: [Int32], _ start: Int, _ chosen: [Int32], _ work: inout Workspace, _ proceed: () throws -> Void) throws {
        for (number, place) in chosen.enumerated() {
            if number % Self.stride == 0 { try proceed() }
            let label = Int(elements[start + Int(place)])
            var score: Float = 0
            for entry in starts[label]..<starts[label + 1] { score += work.direction[Int(indices[entry])] * values[entry] }
            work.scores[number] = score
            work.selection[number] = score
        }
        let half = chosen.count / 2
        let threshold = Self.element(half, of: &work.selection, count: chosen.count)
        var below = 0
        for number in 0..<chosen.count where work.scores[number] < threshold { below += 1 }
        // Of the scores at the threshold the lowest ids go left until the half is full.
        var equal = half - below
        work.moved.removeAll(keepingCapacity: true)
        for (number, place) in chosen.enumerated() {
            let score = work.scores[number]
            var goesRight = score > threshold
            if score == threshold {
                goesRight = equal <= 0
                equal -= 1
            }
            if work.isRight[Int(place)] != goesRight {
                work.moved.append(place)
                work.isRight[Int(place)] = goesRight
            }
        }
    }

    /// The element of rank `rank` (from 0) among the first `count` numbers, by quickselect with the median of three; no sort.
    package static func element(_ rank: Int, of values: inout [Float], count: Int) -> Float {
        var (low, high) = (0, count - 1)
        while low < high {
            let (a, b, c) = (values[low], values[(low + high) / 2], values[high])
            let pivot = max(min(a, b), min(max(a, b), c))
            var (i, j) = (low, high)
            while i <= j {
                while values[i] < pivot { i += 1 }
                while values[j] > pivot { j -= 1 }
                if i <= j {
                    values.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if rank <= j { high = j } else if rank >= i { low = i } else { return values[rank] }
        }
        return values[rank]
    }
}
