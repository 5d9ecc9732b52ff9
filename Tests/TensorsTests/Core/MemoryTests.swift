import CKernels
import Foundation
import Testing
import Tensors

/// What the machine cannot hold is an error in words, whatever asks for it. The limit is one setting of the process.
@Suite(.serialized) struct MemoryTests {
    /// Runs `body` with room for about `bytes` more.
    static func limited<Result>(to bytes: Int, _ body: () throws -> Result) rethrows -> Result {
        BufferPool.releaseUnused()
        BufferPool.limit = BufferPool.bytesInUse + bytes
        defer {
            BufferPool.limit = 0
            BufferPool.settle()
        }
        return try body()
    }

    @Test("a result larger than all memory is refused before anything is computed", arguments: [
        "matmul", "broadcast", "add", "padded", "gathered", "scattered", "convolution", "border", "enlarged", "transposed convolution",
    ])
    func tooLarge(_ name: String) throws {
        let long = Tensor<Float>(shape: [1 << 20, 1], repeating: 1)
        let image = Tensor<Float>(shape: [1, 2, 2, 1], repeating: 1)
        let error = #expect(throws: TensorError.self) {
            switch name {
            case "matmul": _ = try long.matmul(long, transposeOther: true)
            case "broadcast": _ = try long.broadcast(to: [1 << 20, 1 << 20])
            case "add": _ = try long + long.reshaped(1, 1 << 20)
            case "padded": _ = try long.padded([(before: 1 << 40, after: 0), (before: 0, after: 1 << 20)])
            case "gathered": _ = try Tensor<Float>(shape: [1, 1 << 20], repeating: 1).gathered(Array(repeating: 0, count: 1 << 20))
            case "scattered": _ = try Tensor<Float>(shape: [1, 1 << 10], repeating: 1).scatterAdded([0], count: .max)
            case "convolution": _ = try image.conv2d(Tensor(shape: [1, 1, 1, 1 << 16], repeating: 1), .init(padding: .symmetric(1 << 16)))
            case "border": _ = try image.conv2d(Tensor(shape: [1, 1, 1, 1], repeating: 1), .init(stride: 1 << 20, padding: .symmetric(1 << 20)))
            case "enlarged": _ = try image.resized(height: 1 << 20, width: 1 << 20)
            default: _ = try image.transposedConv2d(Tensor(shape: [1, 1, 4, 1], repeating: 1), stride: 1 << 19)
            }
        }
        #expect(try #require(error).description.contains("cannot be had"), "\(String(describing: error))")
        // The next operation goes on.
        #expect(try (long + 1)[0, 0] == 2)
    }

    @Test("memory that runs out piece by piece fails the next operation, and what follows works again")
    func shortage() throws {
        Self.limited(to: 40 << 20) {
            var held: [Tensor<Float>] = []
            let error = #expect(throws: TensorError.self) {
                // 4 MiB each; the limit is met between the ninth and the eleventh.
                for _ in 0..<12 { held.append(try Tensor<Float>(shape: [1 << 20], repeating: 1) + 1) }
            }
            #expect((4...11).contains(held.count))
            let sentence = error?.description ?? ""
            #expect(sentence.hasPrefix("scaled of [1048576]: 4.2 MB of memory for a tensor cannot be had"), "\(sentence)")
            held = []
            let again = Result { try (Tensor<Float>(shape: [1 << 20], repeating: 1) + 1)[7] }
            #expect((try? again.get()) == 2)
        }
    }

    @Test("a way back without memory throws, and the weights are not updated from it")
    func backward() throws {
        let store = ParameterStore<Float>()
        let w = store.add("w", Tensor(shape: [512, 512], repeating: 0.01))
        let (tape, optimiser) = (Tape<Float>(), Optimiser(store, .adam(), rate: 1))
        func step() throws {
            try tape.differentiate(store) {
                var x = Tensor<Float>(shape: [2048, 512], repeating: 1)
                for _ in 0..<4 { x = try x.linear(w.tensor).gelu() }
                return try x.squared().mean()
            }
            optimiser.update()
        }
        let before = w.value
        // One activation has 4 MiB. Forward takes nine of them; every room below what both ways need must end in an error.
        var refused = 0
        for room in stride(from: 6, through: 64, by: 3) {
            try Self.limited(to: room << 20) {
                do { try step() } catch is TensorError { refused += 1 }
            }
            if refused > 0, w.value.scalars != before.scalars { break }
            #expect(w.value.scalars == before.scalars || refused > 0)
        }
        #expect(refused >= 8)
        try step()
        #expect(w.value.scalars.allSatisfy { $0.isFinite })
        #expect(w.value.scalars != before.scalars)
    }

    @Test("a model of impossible widths can be described; its first operation says what is wrong")
    func impossibleModel() throws {
        let store = ParameterStore<Float>()
        var random = RandomSource(seed: 1)
        let w = store.add("w", .normal([1 << 31, 1 << 31], from: &random))
        let v = store.add("v", .uniform([1 << 40], from: &random))
        _ = Optimiser(store, .adam(), rate: 1)
        let tape = Tape<Float>()
        let error = #expect(throws: TensorError.self) {
            try tape.differentiate(store) { try w.tensor.sliced(0..<1).sum() * v.tensor.sum() }
        }
        #expect(try #require(error).description.contains("of memory for a tensor cannot be had"))
        BufferPool.settle()
    }

    @Test("another thread's shortage is not this one's; that of a thread that helps is")
    func threads() throws {
        let x = try Tensor<Float>(shape: [4], repeating: 1) + 1
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            Self.limited(to: 1 << 20) { _ = Tensor<Float>(shape: [1 << 22], repeating: 0) }
            ended.signal()
        }
        ended.wait()
        #expect(try (x + 1)[0] == 3)

        // The way back of attention takes work space in each thread: 2 MiB of scores for each of two examples.
        let before = Parallel.threads
        defer { Parallel.threads = before }
        Parallel.threads = 2
        let tape = Tape<Float>()
        var sentences: [String] = []
        for room in stride(from: 1, through: 40, by: 1) {
            tape.begin()
            let inputs = tape.watch(Tensor(shape: [2, 720, 48], repeating: 0.1))
            let result = try inputs.selfAttention(heads: 1)
            do {
                try Self.limited(to: room << 18) { try tape.backward(from: result, seed: Tensor(shape: result.shape, repeating: 1)) }
            } catch {
                sentences.append("\(error)")
            }
        }
        #expect(sentences.count > 4 && sentences.count < 40)
        #expect(sentences.allSatisfy { $0.hasPrefix("backward of") || $0.contains("of memory for a tensor cannot be had") })
    }

    @Test("a request that can be foreseen is refused with both sizes")
    func foreseen() throws {
        let error = #expect(throws: TensorError.self) { try BufferPool.require(1e18, for: "The run") }
        #expect(try #require(error).description.hasPrefix("The run: about 1.0 EB of memory are needed and"))
        try BufferPool.require(1e6, for: "The run")
        #expect(throws: TensorError.self) { try BufferPool.require(.infinity, for: "The run") }
    }

    @Test("gradients of examples, tangents and work space are refused as results are")
    func otherWays() throws {
        let store = ParameterStore<Float>()
        let w = store.add("w", Tensor(shape: [4, 1 << 10], repeating: 0.01))
        let tape = Tape<Float>()
        tape.begin([store])
        let losses = try Tensor<Float>(shape: [512, 4], repeating: 1).linear(w.tensor).squared().sum(axes: [1])
        // Each example's gradient has 16 kB, all have 8 MB.
        #expect(throws: TensorError.self) { try Self.limited(to: 4 << 20) { _ = try tape.gradientsPerExample(of: losses) } }
        #expect(throws: TensorError.self) {
            try Self.limited(to: 1 << 20) { _ = try tape.tangent(of: losses, along: [store.valueVector]) }
        }
        #expect(try tape.gradientsPerExample(of: losses).count == 512)
        // Work space of a convolution counts before it begins.
        let (image, filter) = (Tensor<Float>(shape: [1, 2, 2, 64], repeating: 1), Tensor<Float>(shape: [1, 1, 64, 64], repeating: 1))
        #expect(throws: TensorError.self) { try Self.limited(to: 8 << 20) { _ = try image.conv2d(filter) } }
    }

    /// Bytes of address space that this process takes; sanitizers take terabytes.
    static var addressSpace: Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").first.flatMap { Int($0) }
        return (pages ?? 1 << 40) * 4096
    }

    @Test("where address space is limited, too, the refusal ends a run and not the program", .enabled(if: addressSpace < 1 << 38))
    func addressSpaceIsLimited() async {
        // In a process of its own, as under `ulimit -v`.
        await #expect(processExitsWith: .success) {
            let bytes = MemoryTests.addressSpace + 1 << 30
            var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
            lathe_memory_keep()
            #expect(lathe_memory_kept() > 256 << 20)
            #expect(BufferPool.limit <= Int(lathe_memory_kept()))
            // A step before the shortage, so that libraries have what they need.
            let store = ParameterStore<Float>(), tape = Tape<Float>()
            let w = store.add("w", Tensor(shape: [3, 3, 16, 16], repeating: 0.01))
            func step(_ images: Int) throws -> Float {
                try tape.differentiate(store) { try Tensor<Float>(shape: [images, 64, 64, 16], repeating: 1).conv2d(w.tensor).squared().mean() }
            }
            let before = try step(2)
            BufferPool.releaseUnused()
            // Others take all that is left but some megabytes.
            var taken: [UnsafeMutableRawPointer] = []
            let piece = 24 << 20
            while let place = mmap(nil, piece, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), place != MAP_FAILED { taken.append(place) }
            #expect(taken.count > 4)
            for images in [200, 400, 100] {
                let error = #expect(throws: TensorError.self) { try step(images) }
                #expect(error?.description.contains("of memory for a tensor cannot be had") == true)
            }
            for place in taken { munmap(place, piece) }
            #expect(try step(2) == before)
        }
    }
}
