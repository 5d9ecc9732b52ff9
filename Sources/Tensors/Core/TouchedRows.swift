/// Which rows of a table the last way back reached. Outside of them the table's gradient is zero, always, so nobody has to
/// clear or read the rest of it.
struct TouchedRows {
    /// How many rows the table has, and numbers in each.
    let count: Int
    let width: Int
    /// The rows that were reached, each once, in the order in which they were.
    private(set) var rows: [Int32] = []
    /// Whether an operation wrote the whole gradient; then `rows` says nothing.
    var isWhole = false
    /// A row was reached in this pass when its mark is the number of the pass.
    private var marks: [UInt32]
    private var pass: UInt32 = 1

    init(shape: Shape) {
        count = shape[0]
        width = shape.count / max(1, shape[0])
        marks = Array(repeating: 0, count: shape[0])
    }

    /// Notes that `indices`, all below `count`, are reached.
    mutating func insert(_ indices: [Int32]) {
        for index in indices where marks[Int(index)] != pass {
            marks[Int(index)] = pass
            rows.append(index)
        }
    }

    /// Begins another pass.
    mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        isWhole = false
        pass &+= 1
        if pass == 0 {
            for index in marks.indices { marks[index] = 0 }
            pass = 1
        }
    }
}
