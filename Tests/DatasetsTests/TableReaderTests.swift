import Datasets
import Foundation
import Tensors
import Testing

@Suite struct TableReaderTests {
    private func columns(_ text: String, _ format: DelimitedFormat = DelimitedFormat()) throws -> [TableDataset.Column] {
        try TableReader.readColumns(Array(text.utf8), file: "t.csv", format: format)
    }

    private func message(_ text: [UInt8], _ format: DelimitedFormat = DelimitedFormat()) -> String {
        let error = #expect(throws: DatasetError.self) { try TableReader.readColumns(text, file: "t.csv", format: format) }
        return error?.description ?? ""
    }

    @Test func `quotes, doubled quotes, line feeds inside quotes, missing cells and nan`() throws {
        for name in ["table.csv", "table.csv.gz"] {
            var bytes = try fixture(name)
            if name.hasSuffix("gz") { bytes = try Gzip.decompress(ByteSource(name: name, bytes: bytes)) }
            let columns = try TableReader.readColumns(bytes, file: name)
            #expect(columns.map(\.name) == ["name", "score", "note"])
            #expect(columns[0].values == .text(["anna", "bert", "cleo"]))
            let scores = try #require(columns[1].numbers)
            #expect(scores[0] == 1.5 && scores[1].isNaN && scores[2].isNaN && columns[1].missing == 1)
            #expect(columns[2].values == .text(["says \"hello\", twice", "two\nlines", ""]))
        }
    }

    @Test(arguments: [",", "\t", ";", "|", " "])
    func `delimiters are found`(delimiter: String) throws {
        let text = "a,b,c\n1,2,3\n4,5,6\n".replacingOccurrences(of: ",", with: delimiter)
        let found = try columns(text)
        #expect(found.map(\.name) == ["a", "b", "c"])
        #expect(found[2].numbers == [3, 6])
    }

    @Test func `line ends, a byte-order mark and a missing last line feed make no difference`() throws {
        let expected = try columns("a,b\n1,x\n2,y\n")
        for text in ["a,b\r\n1,x\r\n2,y\r\n", "\u{FEFF}a,b\n1,x\n2,y", "\n\na,b\n\n1,x\n2,y\n\n", "a,b\r\n1,\"x\"\r\n2,\"y\"\r\n"] {
            #expect(try columns(text) == expected, "\(text.debugDescription)")
        }
    }

    @Test func `headers are told from data`() throws {
        #expect(try columns("1,2\n3,4\n").map(\.name) == ["column 1", "column 2"])
        #expect(try columns("State,Abbr\nAlabama,AL\nArizona,AZ\n").map(\.name) == ["State", "Abbr"])
        #expect(try columns("AL FL\nAL GA\nAL MS\n")[0].count == 3)
        #expect(try columns("# id\tlabel\n0\t3\n")[0].name == "id")
        #expect(try columns("x\n1\n2\n").first?.numbers == [1, 2])
        #expect(try columns("1,2\n3,4\n", DelimitedFormat(columnNames: ["p", "q"])).map(\.name) == ["p", "q"])
        #expect(try columns("a,b\n1,2\n", DelimitedFormat(header: .absent))[0].values == .text(["a", "1"]))
    }

    @Test func `in tab-separated text loose quotes are text, closed ones are quotes`() throws {
        #expect(try columns("1\t\"so\" he said\n2\tok\n")[1].values == .text(["\"so\" he said", "ok"]))
        #expect(try columns("1\t\"a\tb\"\n2\t\"c\"\n")[1].values == .text(["a\tb", "c"]))
    }

    @Test func `faults are named with their line`() throws {
        #expect(message(Array("a,b\n1,2\n3,4,5\n".utf8)).hasPrefix("t.csv, line 3: has 3 fields where 2 are expected"))
        #expect(message(Array("a,b\n\"x\ny\",2\n3\n".utf8)).hasPrefix("t.csv, line 4: has 1 fields"))
        #expect(message(Array("a,b\n1,\"open\n2,3\n".utf8)).hasPrefix("t.csv, line 2: a quoted field has no closing quote"))
        #expect(message(Array("a,b\n1,\"x\"y\n".utf8)).hasPrefix("t.csv, line 2: text follows a closing quote"))
        #expect(message(try fixture("latin1.csv")).contains("line 2: byte 12 (0xf6) is not UTF-8"))
        #expect(message(try fixture("utf16.csv")).contains("UTF-16"))
        #expect(message(Array("a,b\n1,\0\n".utf8)).contains("line 2: holds a zero byte"))
        let latin = try TableReader.readColumns(fixture("latin1.csv"), file: "l", format: DelimitedFormat(encoding: .latin1))
        #expect(latin[0].values == .text(["Jörg"]))
        #expect(throws: DatasetError.self) { try TableReader.read([], file: "e.csv", identifier: "e", checksum: "") }
        #expect(throws: DatasetError.self) { try TableReader.read(Array("a,b\n".utf8), file: "e.csv", identifier: "e", checksum: "", format: .init(header: .present)) }
    }

    @Test func `ragged rows are padded where they are allowed`() throws {
        let found = try columns("1,a\n2,b,extra\n3\n", DelimitedFormat(allowsRaggedRows: true))
        #expect(found.map(\.name) == ["column 1", "column 2", "column 3"])
        #expect(found[2].values == .text(["", "extra", ""]) && found[2].missing == 2)
        #expect(found[1].values == .text(["a", "b", ""]))
    }

    @Test func `numbers are read as the C library reads them`() throws {
        var random = RandomSource(seed: 1).stream("numbers")
        var texts = ["0", "-0", "1e5", "1E-5", "+3.25", ".5", "5.", "1e400", "-1e400", "4.9e-324", "123456789012345678901234567890",
                     "0.1", "0.30000000000000004", "9007199254740993", "1e22", "1e23", "8.5e-7", "179769313486231570000e289", "0.000000000000000000000001"]
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            if value.isFinite { texts.append("\(value)") }
            texts.append("\(Double(random.integer(below: 2_000_000) - 1_000_000) / 1000)")
        }
        let read = try #require(try columns("x\n" + texts.joined(separator: "\n") + "\n", DelimitedFormat(header: .present))[0].numbers)
        for (text, value) in zip(texts, read) { #expect(value == strtod(text, nil), "\(text)") }
    }

    @Test func `what is no number makes a column of text`() throws {
        for word in ["0x10", "1,5", "1e", "--1", "1.2.3", "12a", "e5", ".", "+", "infinit", "٣"] {
            let found = try columns("x;y\n\(word);1\n2;2\n", DelimitedFormat(delimiter: ";", header: .present))
            if word == "." { #expect(found[0].missing == 1) } else { #expect(found[0].numbers == nil, "\(word)") }
        }
        #expect(try columns("x\nnan\ninf\n-Infinity\n1\n", DelimitedFormat(header: .present))[0].numbers?.filter(\.isFinite) == [1])
    }

    @Test func `a preview shows columns, rows and the balance of classes`() throws {
        let text = "length,species\n" + (0..<30).map { "\($0),\(["a", "b", "c"][$0 % 3])" }.joined(separator: "\n")
        let preview = try TableReader.read(Array(text.utf8), file: "t", identifier: "t", checksum: "").preview()
        #expect(preview.columns.map(\.name) == ["length", "species"])
        #expect(preview.columns[0].histogram.reduce(0, +) == 30 && preview.columns[0].maximum == 29)
        #expect(preview.rows[4] == ["4", "b"])
        #expect(preview.classes.map(\.count) == [10, 10, 10])
    }
}
