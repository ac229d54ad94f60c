//! The barest client of a mail server: it says the words of SMTP and waits for each answer, over as many connections as Portico's
//! senders have. Usage: bare ADDRESS COUNT BYTES

use std::{
    io::{BufRead, BufReader, Result, Write},
    net::TcpStream,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// As `SENDERS` of src/mail/transport.rs.
const SENDERS: usize = 4;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, count, bytes] = arguments.as_slice() else { panic!("usage: bare ADDRESS COUNT BYTES") };
    let (count, bytes): (usize, usize) = (count.parse().unwrap(), bytes.parse().unwrap());
    let line = "What is written in an invitation, in lines like this one.\r\n";
    let mail = format!("Subject: An invitation\r\n\r\n{}.\r\n", line.repeat(bytes / line.len()));
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..SENDERS {
            scope.spawn(|| send(address, &mail, || next.fetch_add(1, Ordering::Relaxed) < count).unwrap());
        }
    });
}

fn send(address: &str, mail: &str, more: impl Fn() -> bool) -> Result<()> {
    let mut server = TcpStream::connect(address)?;
    let mut answers = BufReader::new(server.try_clone()?);
    let mut say = |words: &str| {
        server.write_all(words.as_bytes())?;
        hear(&mut answers)
    };
    // The greeting comes first.
    say("")?;
    say("EHLO bare\r\n")?;
    while more() {
        for words in ["MAIL FROM:<no-reply@localhost>\r\n", "RCPT TO:<person@kestrel.test>\r\n", "DATA\r\n", mail] {
            say(words)?;
        }
    }
    say("QUIT\r\n")
}

/// Waits for the last line of an answer.
fn hear(answers: &mut impl BufRead) -> Result<()> {
    let mut line = String::new();
    loop {
        line.clear();
        answers.read_line(&mut line)?;
        assert!(line.starts_with(['2', '3']), "{line}");
        if line.as_bytes()[3] == b' ' {
            return Ok(());
        }
    }
}
