import Experiments
import Foundation
import Testing

/// Commands around a run: tags and notes, other programs' logs, the manual page.
@Suite struct AnnotationTests {
    @Test func `tags and notes are kept, found and taken away`() throws {
        let program = try Program()
        defer { program.remove() }
        #expect(try program.run("run", "diva", "--data", "digits", "--plan", "smoke", "--quiet", "--json").status == 0)
        let run = try #require(try program.run("runs", "--json").json?.elements?.first?["id"]?.string)
        let said = try program.run("annotate", run, "--tag", "good", "--tag", "paper", "--note", "figure 3")
        #expect(said.status == 0 && said.output.contains("#good #paper  figure 3"))
        #expect(try program.run("annotate", run, "--tag", "good", "--untag", "paper").output.contains("\(run): #good  figure 3"))
        #expect(try program.run("runs", "figure", "--json").json?.elements?.first?["tags"]?.elements?.compactMap(\.string) == ["good"])
        #expect(try program.run("runs", "paper", "--json").json?.elements?.isEmpty == true)
        let none = try program.run("annotate", run)
        #expect(none.status == 2 && none.talk.contains("give --tag, --untag or --note"))
        #expect(try program.run("annotate", run, "--tag", "two words").status == 2)
        #expect(try program.run("annotate", "nothing", "--tag", "x").status == 2)
    }

    @Test func `a run goes out for TensorBoard and comes in again, and what is no log is told`() throws {
        let program = try Program()
        defer { program.remove() }
        #expect(try program.run("run", "diva", "--data", "digits", "--plan", "smoke", "--quiet", "--json").status == 0)
        let first = try #require(try program.run("runs", "--json").json?.elements?.first)
        let run = try #require(first["id"]?.string), out = program.folder.appendingPathComponent("tb").path
        let written = try program.run("export", run, "--format", "tensorboard", "--output", out)
        #expect(written.status == 0 && written.output.contains("events.out.tfevents."))
        let report = try program.run("import", out, "--json").json?.elements?.first
        #expect(report?["name"]?.string == "tb" && (report?["added"]?.int ?? 0) > 3)
        let back = try program.run("runs", "tensorboard", "--json").json?.elements?.first
        #expect(back?["points"]?.int ?? 0 >= first["points"]?.int ?? .max)
        #expect(try program.run("export", run, "--format", "tensorboard").status == 2, "it needs a folder")
        #expect(try program.run("export", run, "--output", out).status == 2, "and only it")
        let empty = program.folder.appendingPathComponent("empty")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        let nothing = try program.run("import", empty.path)
        #expect(nothing.status == 2 && nothing.talk.contains("no event file of TensorBoard"))
    }

    @Test func `watch and attach say what they lack, and the manual page names every command`() throws {
        let program = try Program()
        defer { program.remove() }
        let nowhere = try program.run("watch", "/nowhere/at/all")
        #expect(nowhere.status == 2 && nowhere.talk.contains("there is no such folder or file"))
        let noTerminal = try program.run("watch", program.folder.path)
        #expect(noTerminal.status == 2 && noTerminal.talk.contains("lathe import"))
        let idle = try program.run("attach")
        #expect(idle.status == 2 && idle.talk.contains("no run is at work"))
        let page = try program.run("manual")
        #expect(page.status == 0 && page.output.hasPrefix(".TH LATHE 1"))
        for command in ["open", "watch", "attach", "methods", "data", "run", "sweep", "resume", "runs", "compare", "export", "import", "annotate", "doctor"] {
            #expect(page.output.contains(".SS lathe \(command)"), "\(command)")
        }
    }
}
